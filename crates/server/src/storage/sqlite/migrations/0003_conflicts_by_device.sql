-- Every heartbeat asks for the highest number that arrived, conflicts among them.
CREATE INDEX conflicts_by_device_seq ON conflicts (device_id, seq);
