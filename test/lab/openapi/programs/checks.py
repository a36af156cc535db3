"""What schemathesis can't know of the admin API."""

import schemathesis

# What a schema can't say. A request that the document allows may break these rules all the same.
BEYOND_SCHEMAS = {
    "gateway_unknown",
    "server_unknown",
    "in_future",
    "owner_does_not_map_header",
    "too_many_gateways",
    "cursor",
}
FORM_CODES = {"parse_error", "payload_too_large", "unsupported_media_type", "header_illegal"}


@schemathesis.check
def nothing_valid_is_refused(ctx, response, case):
    """A request that the document allows is not refused for its form."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code < 400:
        return
    problem = response.json()
    rules = {error["rule"] for error in problem.get("errors", [])}
    is_refused = problem["code"] == "invalid_request" and not (rules and rules <= BEYOND_SCHEMAS)
    assert not is_refused and problem["code"] not in FORM_CODES, f"refused: {problem['code']} {sorted(rules)}"


@schemathesis.serializer("application/jose")
def as_jose(ctx, value):
    """A sealed credential is sent as it is."""
    return str(value).encode()
