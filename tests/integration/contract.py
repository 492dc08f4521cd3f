"""What api/openapi.yaml says about bodies: its write operations, and the objects inside a body with the fields they have."""
import dataclasses

import yaml

from tests.integration.harness import ROOT

WRITES = ("post", "put", "patch", "delete")


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    schema: dict  # of the JSON body; None when the operation takes no body


class Contract:
    def __init__(self):
        self.document = yaml.safe_load((ROOT / "api/openapi.yaml").read_text())

    def writes(self):
        return {o["operationId"]: Operation(o["operationId"], method.upper(), path, self.body_schema(o))
                for path, methods in self.document["paths"].items()
                for method, o in methods.items() if method in WRITES}

    def body_schema(self, operation):
        body = self.resolve(operation.get("requestBody"))
        return None if body is None else body["content"].get("application/json", {}).get("schema", {})

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def variant(self, schema, value):
        """The alternative of a oneOf that `value` was written for."""
        schema = self.resolve(schema)
        if "oneOf" not in schema:
            return schema
        kind = "array" if isinstance(value, list) else "object"
        options = [self.resolve(option) for option in schema["oneOf"]]
        options = [option for option in options if option.get("type") == kind]
        fitting = [o for o in options if kind == "array" or set(value) <= set(o.get("properties", {}))]
        return (fitting or options or [{}])[0]

    def levels(self, schema, value, pointer=""):
        """(pointer, names of its fields, whether others are refused) of each object in `value`, of lists the first."""
        schema = self.variant(schema, value)
        if isinstance(value, list) and value:
            yield from self.levels(schema.get("items", {}), value[0], pointer + "/0")
        if not isinstance(value, dict):
            return
        properties = schema.get("properties", {})
        yield pointer, set(properties) | set(value), schema.get("additionalProperties") is False
        for name, inner in value.items():
            yield from self.levels(properties.get(name, {}), inner, f"{pointer}/{name}")


def with_field(body, pointer, name, value):
    """A copy of `body` whose object at `pointer` has one field more, in front."""
    if not pointer:
        return {name: value, **body}
    head, _, rest = pointer[1:].partition("/")
    rest = "/" + rest if rest else ""
    if isinstance(body, list):
        return [with_field(item, rest, name, value) if str(i) == head else item for i, item in enumerate(body)]
    return {key: with_field(item, rest, name, value) if key == head else item for key, item in body.items()}
