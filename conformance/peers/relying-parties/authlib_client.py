"""PyPI Authlib as a relying party: prints where the browser must go, reads where it arrived, prints what came of it."""

import json
import os
import sys
import urllib.request

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
import authlib
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, secret, redirect_uri, return_uri, scope = sys.argv[1:7]


def fetch(address):
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


metadata = fetch(f"{issuer}/.well-known/openid-configuration")
session = OAuth2Session(client_id, secret, scope=scope, redirect_uri=redirect_uri, code_challenge_method="S256",
                        token_endpoint_auth_method="client_secret_post")
verifier, nonce = generate_token(48), generate_token(20)
address, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
print("GO", address, flush=True)
arrived = sys.stdin.readline().strip()
tokens = session.fetch_token(metadata["token_endpoint"], authorization_response=arrived, code_verifier=verifier, state=state)
keys = KeySet.import_key_set(fetch(metadata["jwks_uri"]))
claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
jwt.JWTClaimsRegistry(iss={"essential": True, "value": issuer}, aud={"essential": True, "value": client_id},
                      nonce={"essential": True, "value": nonce}, exp={"essential": True}).validate(claims)
info = session.get(metadata["userinfo_endpoint"]).json()
assert info["sub"] == claims["sub"], "sub differs"
renewed = session.refresh_token(metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
assert renewed["access_token"] != tokens["access_token"], "the refresh gave the old token"
out = (f'{metadata["end_session_endpoint"]}?' + urllib.parse.urlencode(
    {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": return_uri}))
print("GO", out, flush=True)
arrived = sys.stdin.readline().strip()
assert arrived.startswith(return_uri), f"after the sign-out at {arrived}"
print("DONE", json.dumps({"name": info.get("name"), "version": authlib.__version__}), flush=True)
