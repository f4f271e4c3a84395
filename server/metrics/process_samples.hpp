#pragma once

// What the kernel knows of this process, under the names that all Prometheus clients use.

#include "metrics/samples.hpp"

namespace ttsave::metrics {

/// Reads /proc/self; what cannot be read is left out. Takes some 50 microseconds. Thread-safe.
void add_process_samples(samples& to);

} // namespace ttsave::metrics
