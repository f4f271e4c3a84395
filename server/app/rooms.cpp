#include "app/rooms.hpp"

#include "api/about.hpp"
#include "api/download_guard.hpp"
#include "api/metrics_page.hpp"
#include "api/openapi.hpp"
#include "app/room_options.hpp"
#include "app/server_samples.hpp"
#include "http/acceptor.hpp"
#include "web/pages.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>
#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Threads for disk calls that may block: as many as may block at once without delaying other deliveries.
constexpr std::size_t disk_threads = 4;

/// What all files together may take of memory while the disk cannot be written.
constexpr std::uint64_t pass_through_bytes = 64 * 1024 * 1024;

tcp::acceptor acceptor_of(const settings::settings& chosen, const supervision& manager,
                          const asio::any_io_executor& executor)
{
    if (manager.descriptors == 0)
        return http::bind_acceptor(executor, {asio::ip::make_address(chosen.address), chosen.port});
    if (manager.descriptors > 1)
        throw std::runtime_error(
            fmt::format("the service manager hands over {} sockets, where one can be served", manager.descriptors));
    spdlog::info("the service manager's socket is served; address and port do not count");
    return http::adopt_acceptor(executor, unique_fd(first_handed_descriptor));
}

extraction::job_witness witness_of(metrics::instruments& counted)
{
    extraction::job_witness seen;
    seen.taken = [&counted](extraction::worker_pool::clock::duration waited) { counted.job_taken(waited); };
    seen.answered = [&counted](extraction::worker_pool::clock::duration took, const result<extraction::post>& outcome) {
        const auto code = outcome ? "ok" : outcome.error().message();
        counted.job_answered(took, code);
    };
    return seen;
}

} // namespace

rooms::rooms(settings_source& from, const thread_contexts& contexts, std::string version, const supervision& manager)
    : source(from), threads(contexts), own_version(std::move(version)), disk(disk_threads),
      spool(from.in_force().cache_dir, from.in_force().max_spool_bytes), kept(store_of(from.in_force())),
      memory(pass_through_bytes), proxies(from.in_force(), rotation), engine(network_of(from.in_force())),
      links(engine), fetcher(engine), gate(threads.first(), network_of(from.in_force()), entry_here()),
      extractors(threads.first(), gate, pool_options()), finder(rotation, links, extractors),
      lookout(threads.first(), finder), encoder(ffmpeg_of(from.in_force())), rehearsal(encoder),
      board({finder, kept, {fetcher, encoder, rehearsal, spool, memory, disk}}, board_of(from.in_force())),
      max_file_bytes(from.in_force().max_file_bytes), downloads(board, counted), access(access_of(from.in_force())),
      keys(from.in_force().api_keys_file, access), probe({extractors, lookout, spool, rehearsal}, disk),
      routes(all_routes()), requests(counted, routes.counted()),
      listener(threads.all(), acceptor_of(from.in_force(), manager, threads.first()), routes, http_of(from.in_force()),
               count_requests())
{
    keys.load();
    proxies.load();
}

extraction::worker_pool_options rooms::pool_options()
{
    return pool_of(source.in_force(), gate, witness_of(counted));
}

api::endpoints rooms::endpoints()
{
    const auto& chosen = source.in_force();
    const api::server_facts about{own_version, chosen.base_path, !chosen.api_keys_file.empty()};
    api::endpoints made;
    made.download = [this](http::exchange& asked) { return downloads.answer(asked); };
    made.admit = api::make_download_guard(access);
    made.look = api::make_look_guard(access);
    made.find_out = [this] { return probe.look(); };
    made.about = api::make_about_page(about, [this] { return max_file_bytes.load(); });
    made.document = api::make_openapi_page(about);
    made.metrics = api::make_metrics_page(counted, [this](metrics::samples& to) {
        add_server_samples(to, {own_version, listener, board, extractors, lookout, engine, kept, spool});
    });
    return made;
}

http::router rooms::all_routes()
{
    auto made = api::make_routes(source.in_force().base_path, endpoints());
    if (source.in_force().web_ui)
        web::add_pages(made, web::embedded_assets());
    return made;
}

http::witness rooms::count_requests()
{
    return [this](const http::answered& ended) { requests.count(ended.route, ended.status, ended.body_bytes); };
}

} // namespace ttsave::app
