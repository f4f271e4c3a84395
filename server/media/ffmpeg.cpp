#include "media/ffmpeg.hpp"

#include "core/as_result.hpp"
#include "core/deadline.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/this_coro.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace ttsave::media {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_output = 1024 * 1024;
constexpr std::uint64_t max_descriptors = 64; // three files, and what it looks into when it starts
constexpr std::uint64_t max_threads = 4096;   // of the user: ffmpeg has a score, and the rest is others'

asio::awaitable<std::string> read_all(asio::readable_pipe& pipe)
{
    std::string text;
    auto space = asio::dynamic_buffer(text, longest_output);
    co_await asio::async_read(pipe, space, as_result);
    co_return text;
}

asio::awaitable<void> copy_log(child_process& running)
{
    while (const auto line = co_await running.read_log_line())
        spdlog::debug("ffmpeg {}: {}", running.pid(), *line);
}

/// Whether an exit status has other reasons than what ffmpeg was given: 126 and 127 are the loader's; with 255 it says
/// that a signal has interrupted it, with 123 that many have.
bool is_of_no_medium(int exit_status)
{
    return exit_status == 123 || exit_status == 126 || exit_status == 127 || exit_status == 255;
}

/// Its output and how it ended, once it has.
asio::awaitable<std::pair<std::string, child_end>> watch(child_process& running)
{
    using namespace asio::experimental::awaitable_operators;
    auto reading = read_all(running.output());
    auto copying = copy_log(running);
    auto output = co_await (std::move(reading) && std::move(copying));
    auto end = co_await running.wait();
    co_return std::pair(std::move(output), std::move(end));
}

} // namespace

std::shared_ptr<const confinement> ffmpeg_box(const ffmpeg_options& options)
{
    program_needs needs;
    needs.opens_descriptors_to_write = true;
    return std::make_shared<confinement>(options.program, std::move(needs));
}

child_command ffmpeg_command(const ffmpeg_options& options, std::shared_ptr<const confinement> box, ffmpeg_job job)
{
    child_command command;
    command.executable = options.program;
    command.arguments = {"-nostdin", "-hide_banner", "-loglevel", "warning", "-y"};
    command.arguments.insert(command.arguments.end(), job.arguments.begin(), job.arguments.end());
    command.environment = {"AV_LOG_FORCE_NOCOLOR=1", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"};
    command.descriptors = std::move(job.descriptors);
    command.limits.memory_bytes = options.max_memory_bytes;
    command.limits.cpu = options.max_cpu;
    command.limits.file_bytes = options.max_file_bytes;
    command.limits.descriptors = max_descriptors;
    command.limits.threads = max_threads;
    command.box = std::move(box);
    return command;
}

ffmpeg::room::~room()
{
    if (!owner_)
        return;
    const std::lock_guard lock(owner_->mutex_);
    --owner_->running_;
    owner_->changed_.notify_all();
}

asio::awaitable<result<ffmpeg::room>> ffmpeg::make_room()
{
    const auto deadline = std::chrono::steady_clock::now() + options_.max_wait;
    std::unique_lock lock(mutex_);
    // Left with the mutex held, however this ends; the next in the queue may be able to go on then.
    struct place_in_queue {
        ffmpeg& owner;
        const std::list<waiter>::iterator own = owner.waiters_.insert(owner.waiters_.end(), waiter{});
        ~place_in_queue()
        {
            owner.waiters_.erase(own);
            owner.changed_.notify_all();
        }
    } const place{*this};
    while (running_ >= options_.jobs || place.own != waiters_.begin())
        if (!co_await changed_.wait(lock, deadline)) {
            spdlog::warn("no ffmpeg could be started for {} s: too many videos of photos at a time",
                         options_.max_wait.count());
            co_return errc::overloaded;
        }
    ++running_;
    co_return room(*this);
}

asio::awaitable<result<std::string>> ffmpeg::run(ffmpeg_job job)
{
    const auto executor = co_await asio::this_coro::executor;
    auto taken = co_await make_room();
    if (!taken)
        co_return taken.error();

    const auto command = ffmpeg_command(options_, box_, std::move(job));
    auto started = child_process::start(executor, command);
    if (!started) {
        spdlog::error("{} cannot be started: {}", options_.program, started.error().message());
        co_return errc::slideshow_unavailable;
    }

    // However this coroutine ends, the process does too, and only then is there room for the next.
    struct ender {
        ffmpeg& owner;
        const asio::any_io_executor& executor;
        std::unique_ptr<child_process> child;
        room taken;
        ~ender() { owner.reapers_.spawn(executor, reap(std::move(child), std::move(taken)), "ffmpeg end"); }
    } running{*this, executor, std::move(*started), std::move(*taken)};

    auto watching = watch(*running.child);
    const auto watched = co_await before(std::chrono::steady_clock::now() + options_.max_time, std::move(watching));
    if (!watched) {
        spdlog::error("ffmpeg {} takes over {} s and is killed", running.child->pid(), options_.max_time.count());
        co_return errc::slideshow_failed;
    }
    const auto& [output, end] = *watched;
    if (end.exit_status == 0)
        co_return output;
    const bool has_given_up = end.exit_status > 0 && !is_of_no_medium(end.exit_status);
    spdlog::log(has_given_up ? spdlog::level::info : spdlog::level::err, "ffmpeg {}: {}", running.child->pid(),
                end.text);
    co_return has_given_up ? errc::media_broken : errc::slideshow_failed;
}

asio::awaitable<void> ffmpeg::reap(std::unique_ptr<child_process> ended, room)
{
    co_await ended->stop(std::chrono::milliseconds(0));
}

} // namespace ttsave::media
