-- A bill of a dossier's fee, what the bank sent, and what became of each transfer. Of one bill at most one transfer is
-- booked, and no transfer is looked at twice: both held by unique indexes, whatever a program does.
CREATE TABLE services.bill (
    bill uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    -- What the payer's bank writes beside the transfer: by it the money finds its dossier.
    memo text NOT NULL UNIQUE CHECK (memo ~ '^DVC[A-Z2-9]{10}$'),
    amount integer NOT NULL CHECK (amount > 0),
    made_at timestamptz NOT NULL,
    -- When the bank is asked again by itself; how often it was.
    next_ask_at timestamptz NOT NULL,
    asks smallint NOT NULL DEFAULT 0,
    last_error text NOT NULL DEFAULT ''
);
CREATE INDEX bill_of_dossier ON services.bill (dossier_no, made_at);
CREATE INDEX bill_to_ask ON services.bill (next_ask_at);

-- Callbacks whose signature held, as they came; a job settles them.
CREATE TABLE services.bank_inbox (
    message_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    said text NOT NULL,
    settled_at timestamptz
);
CREATE INDEX bank_inbox_open ON services.bank_inbox (message_no) WHERE settled_at IS NULL;

CREATE TABLE services.payment (
    payment_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction text NOT NULL UNIQUE,
    bill uuid REFERENCES services.bill,
    dossier_no bigint REFERENCES services.dossier,
    memo text NOT NULL,
    amount bigint NOT NULL,
    paid_at timestamptz NOT NULL,
    told_by text NOT NULL CHECK (told_by IN ('callback', 'asked')),
    outcome text NOT NULL CHECK (outcome IN ('booked', 'wrong_amount', 'late', 'again', 'unknown')),
    at timestamptz NOT NULL
);
CREATE UNIQUE INDEX payment_booked_once ON services.payment (bill) WHERE outcome = 'booked';
CREATE INDEX payment_of_dossier ON services.payment (dossier_no);

ALTER TABLE services.bill ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_dossiers ON services.bill TO dancu_app
    USING (EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = bill.dossier_no))
    WITH CHECK (EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = bill.dossier_no));
ALTER TABLE services.payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_dossiers ON services.payment FOR SELECT TO dancu_app
    USING (EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = payment.dossier_no));
ALTER TABLE services.bank_inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY put_in ON services.bank_inbox FOR INSERT TO dancu_app WITH CHECK (settled_at IS NULL);
