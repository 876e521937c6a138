"""An identity provider that the account has registered, as a cluster with RRSA is one, and the tokens that it signs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from bot.sandbox.ram.errors import RamError

ALGORITHM = "RS256"
AUDIENCE = "sts.aliyuncs.com"
"""What a pod's token is for, unless the provider is registered with another client id (help/ack, RRSA)."""


def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class OidcProvider:
    """Its key is made anew at every start, so that no token of an earlier one holds."""

    arn: str
    issuer: str
    audience: str = AUDIENCE
    key: RSAPrivateKey = field(default_factory=_key, repr=False)

    def token(self, subject: str, now: float, seconds: float = 3600, **claims: object) -> str:
        """What a pod finds in its file; `claims` instead of the usual ones."""
        usual = {"iss": self.issuer, "aud": [self.audience], "sub": subject, "jti": secrets.token_hex(8)}
        return jwt.encode({**usual, "iat": int(now), "exp": int(now + seconds), **claims}, self.key, ALGORITHM)

    def claims(self, token: str, now: float) -> Mapping[str, Any]:
        """What a token says, once it is known to be this provider's, for STS, and still to hold.

        Raises:
            RamError: 401, it is not (STS 2015-04-01, error codes).
        """
        try:
            found: dict[str, Any] = jwt.decode(
                token,
                self.key.public_key(),
                [ALGORITHM],
                # Whether it still holds is looked at below, by the clock that is given.
                {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "require": ["exp", "iat", "sub"]},
                audience=self.audience,
                issuer=self.issuer,
            )
            ends, _ = float(found["exp"]), float(found["iat"])
        except jwt.InvalidAudienceError:
            raise _failed("AudienceNotMatch", "Invalid audience.") from None
        except jwt.InvalidIssuerError:
            message = "The issuer in the OIDC Token doesn't match the OIDC Provider registered."
            raise _failed("IssuerNotMatch", message) from None
        except jwt.InvalidSignatureError:
            raise _failed("InvalidSignature", "OIDC token validate failed: invalid signature.") from None
        except (jwt.InvalidTokenError, TypeError, ValueError):
            raise _failed("Invalid", "The Jwt content is invalid that cannot be recognized.") from None
        if ends <= now:
            raise _failed("Expired", "This JsonWebToken is expired.")
        return found


def _failed(why: str, message: str) -> RamError:
    return RamError(401, f"AuthenticationFail.OIDCToken.{why}", message)
