#include "extraction/worker_nursery.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

/// How long the log of a process that has just ended may take to be read to its end.
constexpr std::chrono::seconds last_words_wait{1};

std::vector<file_identity> boxed_files(const nursery_options& options)
{
    std::vector<file_identity> files;
    for (const auto& path : options.boxed_files)
        files.push_back(file_identity::of(path));
    return files;
}

} // namespace

warm_process::warm_process(worker_nursery& nursery, std::size_t slot, std::shared_ptr<const nursery_options> options,
                           std::vector<file_identity> files, std::shared_ptr<worker_process> process,
                           std::shared_ptr<egress::gate::pass> pass)
    : nursery_(nursery), slot_(slot), options_(std::move(options)), files_(std::move(files)),
      process_(std::move(process)), pass_(std::move(pass)), grace_(options_->stop_grace)
{
}

warm_process::~warm_process()
{
    pass_->cut();
    nursery_.end(process_, slot_, grace_);
}

bool warm_process::is_outdated() const
{
    return !std::ranges::equal(files_, boxed_files(*options_),
                               [](const auto& before, const auto& now) { return !now.is_other_than(before); });
}

bool warm_process::is_fresh() const
{
    return options_ == nursery_.options_;
}

worker_nursery::worker_nursery(const asio::any_io_executor& executor, egress::gate& gate, nursery_options options)
    : executor_(executor), gate_(gate), options_(std::make_shared<const nursery_options>(std::move(options))),
      version_(options_->yt_dlp)
{
}

void worker_nursery::renew(nursery_options options)
{
    if (options.yt_dlp != options_->yt_dlp)
        version_ = version_link(options.yt_dlp);
    options_ = std::make_shared<const nursery_options>(std::move(options));
}

asio::awaitable<worker_nursery::birth> worker_nursery::raise(std::size_t slot)
{
    const auto options = options_;
    birth result;
    auto files = boxed_files(*options);
    auto command = options->command;
    version_.apply_to(command);
    auto started = worker_process::start(executor_, command);
    if (!started) {
        result.problem = "cannot be started: " + command.executable + ": " + started.error().message();
        co_return result;
    }
    const std::shared_ptr<worker_process> process = std::move(*started);
    tasks_.spawn(executor_, copy_log(process, slot), "extractor log");
    auto pass = gate_.admit(process->take_connects());
    auto raised = std::make_unique<warm_process>(*this, slot, options, std::move(files), process, std::move(pass));
    const std::string configuration = configure_line(options->told, raised->pass().proxy_url());
    result.problem = co_await make_ready(*raised, configuration, slot);
    result.is_fresh = raised->is_fresh();
    if (result.problem.empty())
        result.process = std::move(raised);
    co_return result;
}

/// Returns what is wrong with it; nothing when it is ready.
asio::awaitable<std::string> worker_nursery::make_ready(warm_process& raised, const std::string& configuration,
                                                        std::size_t slot)
{
    auto& process = raised.lines();
    const auto timeout = raised.start_timeout();
    const auto deadline = worker_process::clock::now() + timeout;
    // A process that is gone already shows as well when it is read from.
    co_await process.write_line(configuration, deadline);
    const auto line = co_await process.read_line(deadline);
    if (!line && line.error() == asio::error::operation_aborted)
        throw boost::system::system_error(line.error());
    if (!line && line.error() == asio::error::timed_out)
        co_return fmt::format("was not ready within {} ms", timeout.count());
    if (!line && line.error() == asio::error::eof) {
        const auto words = co_await process.last_words(worker_process::clock::now() + last_words_wait);
        co_return words.empty() ? "ended before it was ready" : "ended before it was ready: " + words;
    }
    const auto event = line ? parse_event(*line) : line.error();
    if (const auto* const reason = event ? std::get_if<unusable_event>(&*event) : nullptr)
        co_return reason->message;
    const auto* const ready = event ? std::get_if<ready_event>(&*event) : nullptr;
    if (!ready)
        co_return "speaks another protocol";
    raised.yt_dlp = ready->yt_dlp;
    raised.first_resident_bytes = process.resident_bytes();
    spdlog::info("extractor ready number={} pid={} yt_dlp={} python={} rss={}", slot, raised.pid(), ready->yt_dlp,
                 ready->python, raised.first_resident_bytes);
    co_return std::string();
}

asio::awaitable<void> worker_nursery::join()
{
    co_await tasks_.join();
}

void worker_nursery::end(std::shared_ptr<worker_process> process, std::size_t slot, std::chrono::milliseconds grace)
{
    tasks_.spawn(executor_, reap(std::move(process), slot, grace), "extractor end");
}

asio::awaitable<void> worker_nursery::copy_log(std::shared_ptr<worker_process> process, std::size_t slot)
{
    for (;;) {
        const auto line = co_await process->read_log_line();
        if (!line)
            co_return;
        spdlog::debug("extractor {}: {}", slot, *line);
    }
}

asio::awaitable<void> worker_nursery::reap(std::shared_ptr<worker_process> process, std::size_t slot,
                                           std::chrono::milliseconds grace)
{
    const int pid = process->pid();
    const auto how = co_await process->stop(grace);
    spdlog::info("extractor ended number={} pid={}: {}", slot, pid, how);
}

} // namespace ttsave::extraction
