CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER entries_no_replace BEFORE INSERT ON entries
WHEN EXISTS (
    SELECT 1 FROM entries
    WHERE sequence = NEW.sequence OR previous_hash = NEW.previous_hash OR hash = NEW.hash
) OR NEW.event = 'intend' AND EXISTS (
    SELECT 1 FROM entries
    WHERE event = 'intend' AND environment = NEW.environment AND supplier_siret = NEW.supplier_siret
    AND invoice_number = NEW.invoice_number AND attempt = NEW.attempt
)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
