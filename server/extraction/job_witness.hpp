#pragma once

// Sees what becomes of the pool's jobs, to measure it.

#include "core/errc.hpp"
#include "extraction/post.hpp"

#include <chrono>
#include <functional>

namespace ttsave::extraction {

/// Called on any thread, with the queue locked: must be quick. Either may be empty.
struct job_witness {
    /// A process takes a job that has waited for so long; of one that is tried again, the first time.
    std::function<void(std::chrono::steady_clock::duration waited)> taken{};
    /// A process has answered, so long after it took the job.
    std::function<void(std::chrono::steady_clock::duration took, const result<post>& outcome)> answered{};
};

} // namespace ttsave::extraction
