#pragma once

// The real pool and gate over processes that misbehave on purpose (fake_worker.py).

#include "extraction/worker_pool.hpp"

#include "running.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::test {

class WorkerPoolTest : public testing::Test {
protected:
    WorkerPoolTest()
        : notes_(std::filesystem::temp_directory_path() / ("ttsave-worker-notes-" + std::to_string(::getpid()))),
          gate_file_(notes_.string() + ".gate"), gate_(context_.get_executor())
    {
        std::filesystem::remove(notes_);
        std::filesystem::remove(gate_file_);
        std::ofstream(notes_).flush();
        ::mkfifo(gate_file_.c_str(), 0600);
        options_.processes.command = {"/usr/bin/python3", {}, {"PATH=/usr/bin:/bin"}};
        options_.processes.start_timeout = patience;
        options_.processes.stop_grace = std::chrono::milliseconds(200);
        options_.workers = options_.max_workers = 1;
        options_.queue_limit = 10;
    }

    ~WorkerPoolTest() override
    {
        if (pool_)
            run(context_, pool_->stop());
        run(context_, gate_.stop());
        for (const int pid : noted_numbers("start "))
            EXPECT_FALSE(exists(pid)) << "process " << pid << " is still there";
        if (open_gate_ >= 0)
            ::close(open_gate_);
        std::filesystem::remove(notes_);
        std::filesystem::remove(gate_file_);
    }

    /// Starts a pool with options_.
    void start(const std::string& mode)
    {
        options_.processes.command.arguments = {TTSAVE_FAKE_WORKER, mode, notes_.string()};
        pool_.emplace(context_.get_executor(), gate_, options_);
    }

    void start(const std::string& mode, std::size_t workers, std::size_t queue_limit = 10)
    {
        options_.workers = options_.max_workers = workers;
        options_.queue_limit = queue_limit;
        start(mode);
    }

    result<extraction::post> resolve(std::chrono::milliseconds timeout = patience)
    {
        return run(context_, pool_->resolve({"42", "user"}, std::chrono::steady_clock::now() + timeout));
    }

    /// What becomes of a job, once it has.
    using pending = std::optional<result<extraction::post>>;

    /// Submits a job. `where` must outlive the context.
    void submit(pending& where, std::chrono::milliseconds timeout = patience)
    {
        boost::asio::co_spawn(context_, pool_->resolve({"42", "user"}, std::chrono::steady_clock::now() + timeout),
                              [&where](std::exception_ptr, result<extraction::post> got) { where = std::move(got); });
    }

    /// Lets processes through that wait at the gate, now and from now on.
    void open_gate() { open_gate_ = ::open(gate_file_.c_str(), O_RDWR | O_CLOEXEC); }
    void close_gate() { ::close(std::exchange(open_gate_, -1)); }

    static bool exists(int pid) { return ::kill(pid, 0) == 0; }

    std::string notes() const
    {
        std::ifstream file(notes_);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }

    std::vector<int> noted_numbers(const std::string& prefix) const
    {
        std::vector<int> numbers;
        std::istringstream lines(notes());
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(prefix))
                numbers.push_back(std::stoi(line.substr(prefix.size())));
        return numbers;
    }

    /// Lets the pool go on until `text` stands in the notes.
    void wait_for_note(const std::string& text)
    {
        run_until(context_, [&] { return notes().find(text) != std::string::npos; });
    }

    /// Lets the pool go on until so many lines begin with `prefix`, and returns their numbers.
    std::vector<int> wait_for_notes(const std::string& prefix, std::size_t count)
    {
        run_until(context_, [&] { return noted_numbers(prefix).size() >= count; });
        return noted_numbers(prefix);
    }

    void resolve_all(std::size_t count)
    {
        for (std::size_t done = 0; done < count; ++done) {
            const auto found = resolve();
            ASSERT_TRUE(found) << "job " << done << ": " << found.error().message();
        }
    }

    /// As many jobs at once; all must be answered.
    void resolve_at_once(std::size_t count)
    {
        std::deque<pending> outcomes(count);
        for (auto& one : outcomes)
            submit(one);
        run_until(context_, [&] { return std::ranges::all_of(outcomes, &pending::has_value); });
        for (const auto& one : outcomes)
            EXPECT_TRUE(*one) << one->error().message();
    }

    /// Which processes have taken the jobs, in order.
    std::vector<int> takers() const { return noted_numbers("at "); }

    void wait_until_gone(int pid)
    {
        run_until(context_, [pid] { return !exists(pid); });
    }

    /// `state` is a letter of /proc/PID/stat (proc(5)): T for stopped, Z for ended and not yet waited for.
    void wait_until_in_state(char state, int pid)
    {
        const std::string field = std::string(") ") + state + ' ';
        run_until(context_, [&] {
            std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
            std::string text;
            std::getline(file, text);
            return text.find(field) != std::string::npos;
        });
    }

    boost::asio::io_context context_{1};
    const std::filesystem::path notes_;
    const std::filesystem::path gate_file_;
    egress::gate gate_;
    extraction::worker_pool_options options_;
    std::optional<extraction::worker_pool> pool_;

private:
    int open_gate_ = -1;
};

} // namespace ttsave::test
