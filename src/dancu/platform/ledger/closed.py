"""Which rows of the ledger the role of the pages sees and adds.

Commitments without salts tell nothing, so leaves and hashes are open to it; salts and seeds are not readable at all.
What somebody read in bulk is seen by who did it and by the auditor; who is in a set is asked through functions.
"""

from __future__ import annotations

_MINE = "by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"

POLICIES = f"""
ALTER TABLE ledger.bulk ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_auditor ON ledger.bulk FOR SELECT TO dancu_app
    USING ((SELECT access.has_role('auditor')) OR {_MINE});
CREATE POLICY in_ones_own_name ON ledger.bulk FOR INSERT TO dancu_app WITH CHECK ({_MINE});
ALTER TABLE ledger.erasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY auditor ON ledger.erasure FOR SELECT TO dancu_app USING ((SELECT access.has_role('auditor')));
ALTER TABLE ledger.check_run ENABLE ROW LEVEL SECURITY;
CREATE POLICY auditor ON ledger.check_run FOR SELECT TO dancu_app USING ((SELECT access.has_role('auditor')));
"""
