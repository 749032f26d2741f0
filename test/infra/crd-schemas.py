"""Turns CustomResourceDefinitions into strict JSON schemas: crd-schemas.py FOLDER CRD...

Writes GROUP_VERSION_KIND.json for each version. Strict: a field that the definition doesn't know is refused, as by
`kubectl apply --validate=strict`. CEL rules (x-kubernetes-validations) are not evaluated.
"""

import json
import pathlib
import sys

import yaml


def strict(node):
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: strict(value) for key, value in node.items() if key not in ("description", "x-kubernetes-validations")}
    free = made.pop("x-kubernetes-preserve-unknown-fields", False)
    if made.pop("x-kubernetes-int-or-string", False):
        return {"type": ["integer", "string"]}
    if made.get("type") == "object" and "properties" in made and "additionalProperties" not in made and not free:
        made["additionalProperties"] = False
    if made.pop("nullable", False) and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


folder = pathlib.Path(sys.argv[1])
for file in sys.argv[2:]:
    for crd in yaml.safe_load_all(pathlib.Path(file).read_text()):
        if not crd:
            continue
        group, kind = crd["spec"]["group"], crd["spec"]["names"]["kind"]
        for version in crd["spec"]["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            # Names and labels are checked by the API server, not by the definition.
            schema["properties"]["metadata"] = {"type": "object"}
            (folder / f"{group}_{version['name']}_{kind}.json").write_text(json.dumps(schema))
