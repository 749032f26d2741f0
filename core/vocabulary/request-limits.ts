/** What a request to the API may cost, where nothing else is set. The settings have these defaults, and so has an API without settings. */
export const REQUEST_LIMITS = {
  /** Answers may be kept by caches so long, in seconds, and never beyond the time when they change. */
  cacheSeconds: 300,
  /** After so many seconds without anything fresh to serve, /ready answers 503. */
  unreadySeconds: 21_600,
  /** Requests of a client per minute; 0: as many as it likes. */
  requestsPerMinute: 0,
  /** bytes of a request's body */
  bodyBytes: 4_000_000,
  /** characters of a path with its query */
  urlLength: 2_000,
  /** clients that follow events at the same time */
  eventStreams: 200,
} as const;
