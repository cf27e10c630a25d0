"""Which tables of consents and duties the ledger holds: all but the scans, whose fingerprint stands in their grant."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind("consent.1", table="consent.granted", key="consent_no", about="citizen_id", at="granted_at", columns=(
        "consent_no", "receipt", "citizen_id", "purpose", "partner", "fields", "text_version", "text_sha256",
        "granted_at", "expires_at", "channel", "given_by", "relation", "relation_basis", "form_no",
        "identity_receipt", "scan_no", "recorded_by",
    )),
    Kind("consent_withdrawal.1", table="consent.withdrawn", key="consent_no", about="citizen_id", at="at", columns=(
        "consent_no", "citizen_id", "at", "channel", "given_by", "reason", "recorded_by",
    )),
    Kind("subject_request.1", table="consent.request", key="request_no", about="citizen_id", at="received_at", columns=(
        "request_no", "receipt", "citizen_id", "kind", "purposes", "consent_no", "fields", "words", "channel",
        "given_by", "relation", "form_no", "scan_no", "recorded_by", "received_at", "respond_by", "due_on", "law",
    )),
    Kind("subject_request_step.1", table="consent.request_step", key="step_no", at="at", columns=(
        "step_no", "request_no", "n", "action", "state_before", "state_after", "at", "by", "reason", "law",
        "due_on", "detail",
    )),
    Kind("restriction.1", table="consent.restriction", key="restriction_no", about="citizen_id", at="at", columns=(
        "restriction_no", "request_no", "citizen_id", "purpose", "at", "by",
    )),
    Kind("restriction_end.1", table="consent.restriction_end", key="restriction_no", at="at", columns=(
        "restriction_no", "at", "by", "reason",
    )),
    Kind("breach.1", table="consent.breach", key="breach_no", at="at", columns=(
        "breach_no", "receipt", "discovered_at", "notify_by", "law", "content", "by", "at",
    )),
    Kind("breach_step.1", table="consent.breach_step", key="step_no", at="at", columns=(
        "step_no", "breach_no", "n", "action", "state_before", "state_after", "at", "by", "reason", "detail",
    )),
    Kind("impact_assessment.1", table="consent.assessment", key="assessment_no", at="at", columns=(
        "assessment_no", "kind", "version", "content", "by", "at",
    )),
]  # fmt: skip
