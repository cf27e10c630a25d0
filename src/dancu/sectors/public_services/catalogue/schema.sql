-- Reviews of procedures ("rà soát TTHC"): a row is the proposal as it stands now, every act a row that is only added.
-- Whose it is: the unit that reviews; its communes are kept so that the territory of a log-in can be held against them.
CREATE TABLE services.review (
    review_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    procedure text NOT NULL,
    version smallint NOT NULL,
    unit_code text NOT NULL,
    communes text[] NOT NULL CHECK (cardinality(communes) > 0),
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn')),
    -- What is to change: {"parts": {code: drop | data}, "hours": {step: hours}, "fee": đồng}.
    changes jsonb NOT NULL,
    reason text NOT NULL CHECK (length(reason) >= 10),
    -- What it saves, as computed when it was proposed, with everything it was computed from.
    effect jsonb NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    decision_reason text NOT NULL DEFAULT '',
    version_no integer NOT NULL DEFAULT 1,
    -- Two persons: nobody decides on their own proposal.
    CHECK (decided_by IS NULL OR decided_by <> proposed_by),
    CHECK ((decided_by IS NOT NULL) = (state IN ('approved', 'refused'))),
    CHECK ((decided_at IS NOT NULL) = (decided_by IS NOT NULL)),
    CHECK (state <> 'refused' OR length(decision_reason) >= 5)
);
CREATE INDEX review_procedure ON services.review (procedure, proposed_at);
-- One open proposal of a unit for a procedure at a time: two would be computed from the same state.
CREATE UNIQUE INDEX review_open ON services.review (procedure, unit_code) WHERE state = 'proposed';

CREATE TABLE services.review_act (
    act_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    review_no bigint NOT NULL REFERENCES services.review,
    event_id uuid NOT NULL UNIQUE,
    action text NOT NULL CHECK (action IN ('propose', 'approve', 'refuse', 'withdraw')),
    state_before text,
    state_after text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    reason text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX review_act_review ON services.review_act (review_no, act_no);
