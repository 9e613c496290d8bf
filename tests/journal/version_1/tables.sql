-- A journal as the first version of the program made it, and lines that it wrote. Never to be changed.

CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE entries (
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    environment TEXT NOT NULL,
    supplier_siret TEXT NOT NULL,
    invoice_number TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    "user" TEXT NOT NULL,
    machine TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (sequence),
    UNIQUE (previous_hash),
    UNIQUE (hash)
);

CREATE INDEX entries_by_number ON entries (environment, supplier_siret, invoice_number, sequence);

CREATE UNIQUE INDEX entries_reservation ON entries (environment, supplier_siret, invoice_number, attempt)
    WHERE event = 'intend';

INSERT INTO meta (name, value) VALUES ('schema_version', '1');

INSERT INTO entries VALUES
(1, '2026-11-23T08:00:00.000000+00:00', 'repetition', '11111111111111', 'F1', 1, 'intend', '{"comment":"été « 2026 »","invoice_number":"F1","total_with_vat":"120.00"}', 'agnes', 'PC-1', '', '6913c1e23b2cf0d22ac50cfe570e8918ff81dc8f7475b60ff47c914fc24c673b'),
(2, '2026-11-23T08:00:01.000000+00:00', 'repetition', '11111111111111', 'F1', 1, 'accept', '{"chorus_invoice_id":"77"}', 'agnes', 'PC-1', '6913c1e23b2cf0d22ac50cfe570e8918ff81dc8f7475b60ff47c914fc24c673b', '02377da1c19275e4dbeba885bc7a4c58ca27855979654a5c56514c1b150868e0'),
(3, '2026-11-23T08:00:02.000000+00:00', 'repetition', '11111111111111', 'F1', 1, 'status', '{"chorus_status":"DEPOSEE","comment":"reçue","status_since":"2026-11-23T09:01:00"}', 'agnes', 'PC-1', '02377da1c19275e4dbeba885bc7a4c58ca27855979654a5c56514c1b150868e0', 'df563d8335c9d7be766ec5cbdffd8340a92cdf14d7fc8296faa1ea2ba0c8e6d1'),
(4, '2026-11-23T08:00:03.000000+00:00', 'repetition', '11111111111111', 'F2', 1, 'intend', '{"comment":"été « 2026 »","invoice_number":"F2","total_with_vat":"120.00"}', 'agnes', 'PC-1', 'df563d8335c9d7be766ec5cbdffd8340a92cdf14d7fc8296faa1ea2ba0c8e6d1', '55387332533b5b5148ac2866fb49b9502a8500e629b85fe5f7a1fba845dbea07'),
(5, '2026-11-23T08:00:04.000000+00:00', 'repetition', '11111111111111', 'F2', 1, 'lose', '{}', 'agnes', 'PC-1', '55387332533b5b5148ac2866fb49b9502a8500e629b85fe5f7a1fba845dbea07', 'f0d9c0ad5272df21be8e4396d709c772e915cf7e98adff2c793a9b5962166b29'),
(6, '2026-11-23T08:00:05.000000+00:00', 'repetition', '11111111111111', 'F2', 1, 'miss', '{}', 'agnes', 'PC-2', 'f0d9c0ad5272df21be8e4396d709c772e915cf7e98adff2c793a9b5962166b29', '77c4dd48691cc8188f65129d64148a12360ef110d1dbac38cd34a44ab96f1f4e'),
(7, '2026-11-23T08:00:06.000000+00:00', 'repetition', '11111111111111', 'F2', 1, 'typed_over', '{"value":"Déposée"}', 'agnes', 'PC-2', '77c4dd48691cc8188f65129d64148a12360ef110d1dbac38cd34a44ab96f1f4e', '53013a06bcd927361b9eac561a963e7ae9d1d8250513f33e94dc11b70646f217'),
(8, '2026-11-23T08:00:07.000000+00:00', 'repetition', '11111111111111', 'F3', 1, 'intend', '{"comment":"l''eau","invoice_number":"F3","total_with_vat":"120.00"}', 'agnes', 'PC-2', '53013a06bcd927361b9eac561a963e7ae9d1d8250513f33e94dc11b70646f217', '410ca597dca937845bc3d78e6c818086e5bddde6b417d8275ae668fb0f692109'),
(9, '2026-11-23T08:00:08.000000+00:00', 'repetition', '11111111111111', 'F3', 1, 'refuse', '{"label":"SIRET inconnu"}', 'agnes', 'PC-2', '410ca597dca937845bc3d78e6c818086e5bddde6b417d8275ae668fb0f692109', 'b390060dfa83b366a57b124aa68c7cd964caa2c303be978f3ed29783197cb01d'),
(10, '2026-11-23T08:00:09.000000+00:00', 'production', '11111111111111', 'F1', 1, 'intend', '{"comment":"été « 2026 »","invoice_number":"F1","total_with_vat":"120.00"}', 'agnes', 'PC-1', 'b390060dfa83b366a57b124aa68c7cd964caa2c303be978f3ed29783197cb01d', 'e26038de86d69eacc5bc3dd9d0c9f313548af1cd029b3c8d9561b6f2a5ecf3f6');
