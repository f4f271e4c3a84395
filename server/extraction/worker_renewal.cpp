#include "extraction/worker_renewal.hpp"

#include "core/as_result.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

worker_renewal::worker_renewal(const asio::any_io_executor& executor, roll_call& roll)
    : executor_(executor), roll_(roll), wakener_(executor)
{
}

void worker_renewal::start(task_group& tasks, std::vector<worker_slot*> slots)
{
    slots_ = std::move(slots);
    tasks.spawn(executor_, renew_when_asked(), "extractor renewal");
}

void worker_renewal::ask()
{
    is_wanted_ = true;
    wakener_.cancel();
}

asio::awaitable<void> worker_renewal::renew_when_asked()
{
    for (;;) {
        while (!is_wanted_) {
            wakener_.expires_at(worker_slot::clock::time_point::max());
            co_await wakener_.async_wait(as_result);
        }
        is_wanted_ = false;
        spdlog::info("the extractors are being renewed");
        roll_.mark_renewing(true);
        const auto problem = co_await renew_all();
        roll_.mark_renewing(false);
        if (problem.empty())
            spdlog::info("the extractors are renewed: yt_dlp={}", roll_.status().yt_dlp);
        else
            spdlog::error("the extractors are not renewed, those of before go on working: {}; once that is mended, "
                          "another SIGHUP tries again",
                          problem);
    }
}

/// Returns what was in the way; nothing when all processes are fresh.
asio::awaitable<std::string> worker_renewal::renew_all()
{
    for (auto* const slot : slots_) {
        auto problem = co_await slot->renew();
        if (!problem.empty())
            co_return problem;
    }
    co_return std::string();
}

} // namespace ttsave::extraction
