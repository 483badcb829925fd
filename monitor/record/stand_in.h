// What a snapshot shows beside its samples, where only samples are left: the parts that follow from them.
#pragma once

#include "monitor/metrics/snapshot.h"

namespace record {

// Fills pool, server and latency from the families; rows of places and waiters stay empty.
void standIn(metrics::Snapshot& snapshot);

} // namespace record
