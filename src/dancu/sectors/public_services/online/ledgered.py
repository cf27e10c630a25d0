"""Who let whom file for them, and how services were rated, goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("service_proxy.1", table="services.proxy_act", key="act_no", at="at", columns=(
        "act_no", "proxy", "action", "giver", "helper", "until", "recorded_by", "paper", "at",
    )),
    Kind("service_rating.1", table="services.rating", key="rating_no", at="at", columns=(
        "rating_no", "dossier_no", "stars", "words", "at",
    )),
]  # fmt: skip
