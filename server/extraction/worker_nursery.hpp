#pragma once

// Extractor processes from their start to their end.

#include "core/child_process.hpp"
#include "core/file_identity.hpp"
#include "core/task_group.hpp"
#include "egress/gate.hpp"
#include "extraction/version_link.hpp"
#include "extraction/worker_process.hpp"
#include "extraction/worker_protocol.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ttsave::extraction {

struct nursery_options {
    child_command command;
    std::filesystem::path yt_dlp; ///< as version_link wants it; empty: the one that Python has
    extractor_options told;       ///< to each of them
    /// What a process can read only as the file that it was when the process started (its box names files, not paths).
    std::vector<std::string> boxed_files;
    std::chrono::milliseconds start_timeout{30'000}; ///< from exec to the ready event
    std::chrono::milliseconds stop_grace{2'000};     ///< from SIGTERM to SIGKILL
};

class worker_nursery;

/// A process, its permission to reach the network, and what it has been through. Not thread-safe.
///
/// With it both end: its connections are cut at once, the process is ended in the background by its nursery, which must
/// outlive it.
class warm_process {
public:
    using clock = worker_process::clock;

    /// `options` are those that it is started with, `files` the boxed ones as they were before.
    warm_process(worker_nursery& nursery, std::size_t slot, std::shared_ptr<const nursery_options> options,
                 std::vector<file_identity> files, std::shared_ptr<worker_process> process,
                 std::shared_ptr<egress::gate::pass> pass);
    ~warm_process();

    warm_process(const warm_process&) = delete;
    warm_process& operator=(const warm_process&) = delete;

    worker_process& lines() { return *process_; }
    egress::gate::pass& pass() { return *pass_; }
    int pid() const { return process_->pid(); }

    /// Whether one of the files that it may read has been replaced since it was started.
    bool is_outdated() const;

    /// Whether its nursery has not been renewed since it was started.
    bool is_fresh() const;

    /// How long it may take to become ready.
    std::chrono::milliseconds start_timeout() const { return options_->start_timeout; }

    /// At its end it is killed instead of asked.
    void forgo_grace() { grace_ = std::chrono::milliseconds(0); }

    std::size_t jobs = 0;                        ///< that it has taken up
    const clock::time_point born = clock::now(); ///< when it was started
    std::uint64_t first_resident_bytes = 0;      ///< when it became ready
    std::string yt_dlp;                          ///< its version, once it is ready

private:
    worker_nursery& nursery_;
    const std::size_t slot_;
    const std::shared_ptr<const nursery_options> options_;
    const std::vector<file_identity> files_;
    const std::shared_ptr<worker_process> process_;
    const std::shared_ptr<egress::gate::pass> pass_;
    std::chrono::milliseconds grace_;
};

/// Starts processes until they are ready for jobs, copies their logs into ours, and sees each to its end.
///
/// Everything happens on the executor given, which must run one handler at a time, on a thread that lives as long as
/// the nursery: the kernel ends the processes with it.
class worker_nursery {
public:
    /// `gate` must outlive the nursery.
    worker_nursery(const boost::asio::any_io_executor& executor, egress::gate& gate, nursery_options options);

    /// Has processes be started as `options` say from now on, and read anew what may have changed. Those that are there
    /// live on, but are no longer fresh.
    void renew(nursery_options options);

    struct birth {
        std::unique_ptr<warm_process> process; ///< null when there is none,
        std::string problem;                   ///< and then why: one phrase for the operator
        bool is_fresh = true;                  ///< the nursery has not been renewed meanwhile
    };

    /// A process for `slot` that has said it is ready. Cancellation: terminal.
    boost::asio::awaitable<birth> raise(std::size_t slot);

    /// Returns when the last process has ended. No warm_process may be left.
    boost::asio::awaitable<void> join();

private:
    friend class warm_process;
    void end(std::shared_ptr<worker_process> process, std::size_t slot, std::chrono::milliseconds grace);

    boost::asio::awaitable<std::string> make_ready(warm_process& raised, const std::string& configuration,
                                                   std::size_t slot);
    boost::asio::awaitable<void> copy_log(std::shared_ptr<worker_process> process, std::size_t slot);
    boost::asio::awaitable<void> reap(std::shared_ptr<worker_process> process, std::size_t slot,
                                      std::chrono::milliseconds grace);

    const boost::asio::any_io_executor executor_;
    egress::gate& gate_;
    std::shared_ptr<const nursery_options> options_; // replaced as a whole: who has the same is fresh
    version_link version_;
    task_group tasks_; // end by themselves: the logs of processes, and their last moments
};

} // namespace ttsave::extraction
