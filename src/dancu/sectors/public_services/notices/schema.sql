-- How a citizen wants to be told, and what is to be told. The outbox names a person and no address: the job that sends
-- looks the address up, so that no officer's page ever holds it.
CREATE TABLE services.contact (
    citizen uuid PRIMARY KEY,
    channel text NOT NULL CHECK (channel IN ('none', 'email', 'sms')),
    address text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    CHECK ((channel = 'none') = (address = ''))
);
ALTER TABLE services.contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON services.contact TO dancu_app
    USING (citizen = (SELECT access.citizen_id())) WITH CHECK (citizen = (SELECT access.citizen_id()));

CREATE TABLE services.notice (
    notice uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    citizen uuid NOT NULL,
    action text NOT NULL,
    told text NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    channel text NOT NULL DEFAULT '',
    tries smallint NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL,
    sent_at timestamptz,
    last_error text NOT NULL DEFAULT ''
);
CREATE INDEX notice_waiting ON services.notice (next_try_at) WHERE state = 'waiting';
CREATE INDEX notice_of_dossier ON services.notice (dossier_no, made_at);
ALTER TABLE services.notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY told_to_me ON services.notice FOR SELECT TO dancu_app
    USING (citizen = (SELECT access.citizen_id()));
CREATE POLICY of_own_dossiers ON services.notice FOR INSERT TO dancu_app
    WITH CHECK (state = 'waiting' AND EXISTS (
        SELECT 1 FROM services.dossier d WHERE d.dossier_no = notice.dossier_no
        AND notice.citizen IN (d.applicant, d.filed_by)));
