"""Checks objects against the schemas of their kinds: check-kinds.py KUBERNETES SCHEMAS:SCHEMAS FILE...

Built-in kinds by the package kubernetes-validate, custom ones by GROUP_VERSION_KIND.json of the given folders. Unknown fields
and unknown kinds are refused. Prints a line for each problem.
"""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
import yaml

version, folders, files = sys.argv[1], sys.argv[2].split(":"), sys.argv[3:]
custom = {path.stem: json.loads(path.read_text()) for folder in folders for path in pathlib.Path(folder).glob("*_*_*.json")}


def embedded(thing):
    """Built-in objects that custom ones hold, as their controllers would make them."""
    spec = thing.get("spec") or {}
    if thing["kind"] == "WorkerDeployment" and "template" in spec:
        labels = spec["template"].get("metadata", {}).get("labels", {})
        spec = {"selector": {"matchLabels": labels}, "template": spec["template"]}
        yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": thing["metadata"], "spec": spec}
    if thing["kind"] == "WorkerResourceTemplate" and "template" in spec:
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "filled-in"}
        inner = {**spec["template"].get("spec", {}), "scaleTargetRef": target}
        yield {**spec["template"], "metadata": thing["metadata"], "spec": inner}


def problems(thing):
    for inner in embedded(thing):
        yield from problems(inner)
    group, _, api = thing["apiVersion"].rpartition("/")
    schema = custom.get(f"{group}_{api}_{thing['kind']}")
    if schema is not None:
        for error in jsonschema.Draft202012Validator(schema).iter_errors(thing):
            yield f"{'.'.join(map(str, error.absolute_path)) or '.'}: {error.message[:300]}"
        return
    try:
        kubernetes_validate.validate(thing, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{'.'.join(map(str, error.path)) or '.'}: {error.message[:300]}"
    except kubernetes_validate.SchemaNotFoundError:
        yield f"no schema of {thing['apiVersion']} {thing['kind']} is known"


count = 0
for file in files:
    for thing in yaml.safe_load_all(pathlib.Path(file).read_text()):
        if thing:
            for problem in problems(thing):
                count += 1
                print(f"{file}: {thing['kind']} {thing['metadata'].get('name')}: {problem}")
sys.exit(1 if count else 0)
