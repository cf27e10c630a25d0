"""Pages add papers and openings; nobody of them changes one."""

from __future__ import annotations

GRANTS = {
    "services.paper": {"dancu_app": "SELECT, INSERT"},
    "services.paper_file": {"dancu_app": "SELECT, INSERT"},
    "services.paper_person": {"dancu_app": "SELECT, INSERT"},
    "services.paper_opening": {"dancu_app": "SELECT, INSERT"},
    "services.paper_numbering": {},
    "FUNCTION services.next_paper(text, text, smallint)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.my_papers()": {"dancu_app": "EXECUTE"},
    "FUNCTION services.results_of(uuid)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.paper_issued(bytea)": {"dancu_app": "EXECUTE"},
}
