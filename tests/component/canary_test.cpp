// The canary over a real pool that is too busy to ask for a post.

#include "app/canary.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/pathfinder.hpp"
#include "net/proxy_rotation.hpp"
#include "net/transfer_engine.hpp"

#include "scripted_server.hpp"
#include "worker_pool_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const std::string post = "https://www.tiktok.com/@user/video/42";
/// Followed without an extractor, by a proxy that hangs up: it fails in each round, and so tells that there was one.
const std::string short_link = "https://vm.tiktok.com/ZMcanary";

class Canary : public test::WorkerPoolTest {
protected:
    Canary() { rotation_.replace({{proxy_url::parse(proxy_.url()).value(), "proxy"}}); }
    ~Canary() override
    {
        test::run(context_, canary_->stop());
        test::run(context_, pool_->stop()); // while what jobs end in is there
        pool_.reset();
    }

    void watch(std::chrono::seconds patience)
    {
        finder_.emplace(rotation_, links_, *pool_);
        canary_.emplace(context_.get_executor(), *finder_);
        canary_->watch({{post, short_link}, 1s, patience});
    }

    std::vector<std::string> failing() const
    {
        std::vector<std::string> links;
        std::ranges::transform(canary_->report()->failures, std::back_inserter(links), &canary_failure::link);
        return links;
    }

    void wait_for_a_round()
    {
        const auto before = canary_->report()->last_run;
        test::run_until(context_, [&] { return canary_->report()->last_run != before; });
    }

    test::scripted_server proxy_{[](test::scripted_connection&, std::size_t) {}};
    net::proxy_rotation rotation_;
    net::transfer_engine engine_;
    extraction::link_resolver links_{engine_};
    std::optional<extraction::pathfinder> finder_;
    std::optional<canary> canary_;
    pending at_work_;
    pending in_the_queue_;
};

TEST_F(Canary, ThatThisServerIsOverloadedIsNoFailureOfAPost)
{
    start("hangs", 1, 1);
    submit(at_work_);
    wait_for_note("at ");
    submit(in_the_queue_);
    watch(30s);
    wait_for_a_round();
    EXPECT_THAT(failing(), ElementsAre(short_link));
}

TEST_F(Canary, NorIsItASignThatOneWorksAgain)
{
    start("hangs");
    watch(1s);
    test::run_until(context_, [this] { return failing() == std::vector{post, short_link}; });
    submit(at_work_);
    wait_for_a_round();
    EXPECT_THAT(failing(), ElementsAre(post, short_link));
}

} // namespace
} // namespace ttsave::app
