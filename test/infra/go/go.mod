module candlecast.example/infra

go 1.25.0

require (
	github.com/compose-spec/compose-go/v2 v2.16.2 // indirect
	github.com/hashicorp/terraform-plugin-go v0.31.0 // indirect
)
