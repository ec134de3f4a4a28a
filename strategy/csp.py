"""The Content-Security-Policy of every page, and the one inline script it knows. Sends nothing."""

from __future__ import annotations

import base64
import hashlib

# The GOV.UK template's only inline script (it says early that scripts run). A test compares it with a page.
GOVUK_INLINE_SCRIPT = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
)


def script_hash(script: str) -> str:
    """Give a script-src source that allows exactly this inline script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(**changed: str) -> str:
    """Give the policy, some directives changed: `policy(frame_ancestors="'self'")`, _ for -."""
    directives = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "frame-src": "'self'",
        "img-src": "'self' data:",
        "script-src": f"'self' {script_hash(GOVUK_INLINE_SCRIPT)}",
        "style-src": "'self'",
    }
    directives.update({name.replace("_", "-"): value for name, value in changed.items()})
    return "; ".join(f"{name} {value}" for name, value in directives.items())


POLICY = policy()
