-- What is to be erased after its time is found by its arrival.
CREATE INDEX entries_by_arrival ON entries (received_ms);
