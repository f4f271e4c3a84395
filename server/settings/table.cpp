#include "settings/table.hpp"

#include "settings/stores.hpp"
#include "settings/syntax.hpp"

#include <algorithm>
#include <cctype>

namespace ttsave::settings {
namespace {

using enum takes_effect;

std::vector<setting> make_table()
{
    const auto store_level = [](settings& into, const std::string& text) { into.log_level = text; };
    const auto store_background = [](settings& into, const std::string& text) {
        into.slideshow_is_blurred = text == "blur";
    };
    const auto store_web_ui = [](settings& into, const std::string& text) { into.web_ui = text == "true"; };
    const auto store_format = [](settings& into, const std::string& text) { into.log_as_json = text == "json"; };
    return {
        {"address", "0.0.0.0", "IPv4 or IPv6 address", "The address to listen on.", store_address},
        {"port", "4347", "0 to 65535", "The TCP port to listen on; 0 takes any free one, which the log names.",
         number(&settings::port, 0)},
        {"base_path", "/api/v3", "path", "What comes before /download and /ping in a URL.", store_base_path},
        {"threads", "0", "0 to 256", "Threads that serve connections; 0 takes one for each core.",
         number(&settings::threads, 0, 256)},
        {"cache_dir", "/var/tmp/ttsave", "absolute path",
         "Where files are kept while they are delivered, and for a while after; made if it is missing.",
         store_cache_dir},
        {"cache_max_bytes", "2147483648", "bytes, 0 to 1125899906842624",
         "How much of what has been delivered is kept; what was asked for least recently goes first.",
         number(&settings::cache_max_bytes, 0, std::uint64_t{1} << 50)},
        {"cache_ttl_s", "3600", "seconds, 0 to 31536000",
         "How long a finished post is kept for whoever asks for it next; 0 keeps nothing.",
         seconds(&settings::cache_ttl, 0, 31'536'000)},
        {"negative_ttl_s", "30", "seconds, 0 to 86400",
         "How long it is remembered that a post is private, removed and the like; 0 asks TikTok each time.",
         seconds(&settings::negative_ttl, 0, 86'400)},
        {"max_spool_bytes", "8589934592", "bytes, 1 to 1125899906842624",
         "How much may be on its way at a time, besides what is kept; more is answered with a 503.",
         number(&settings::max_spool_bytes, 1, std::uint64_t{1} << 50), on_reload},
        {"workers", "2", "1 to 64",
         "Extractor processes that are always there, each of which resolves one post at a time.",
         number(&settings::workers, 1, 64)},
        {"max_workers", "12", "1 to 64",
         "Extractor processes at most, while posts have to wait for one; each takes some 40 MB for as long.",
         number(&settings::max_workers, 1, 64)},
        {"worker_max_jobs", "1000", "1 to 1000000",
         "Posts after which an extractor process is replaced by a fresh one.",
         number(&settings::worker_max_jobs, 1, 1'000'000), on_reload},
        {"worker_max_rss_bytes", "536870912", "bytes, 67108864 to 1099511627776",
         "Memory (resident set) beyond which an extractor process is replaced by a fresh one.",
         number(&settings::worker_max_rss_bytes, std::uint64_t{1} << 26, std::uint64_t{1} << 40), on_reload},
        {"python", "/usr/bin/python3", "program", "The Python that has yt-dlp; a name is looked up in PATH.",
         program(&settings::python)},
        {"extractor_dir", "", "absolute path",
         "Where the extractor package is; empty takes the one installed with the server.",
         absolute_path(&settings::extractor_dir)},
        {"extractor_path", "", "absolute path",
         "Where newer versions of yt-dlp are kept (docs/blocks.md); empty uses the one that Python has.",
         absolute_path(&settings::extractor_path), on_reload},
        {"canary_urls", "", "at most 20 links, separated by spaces or commas",
         "Posts that are known to be there, asked for now and then and by ttsave-update: whether TikTok still answers.",
         store_canary_urls, on_reload},
        {"canary_interval_s", "3600", "seconds, 0 or 10 to 604800", "How often that is; 0 leaves it to ttsave-update.",
         store_canary_interval, on_reload},
        {"proxy", "", "http, https or socks5 URL", "The proxy through which TikTok is reached; empty goes directly.",
         store_proxy},
        {"proxies_file", "", "absolute path of a file of proxy URLs, one a line",
         "Proxies that are used in turn instead, one for each delivery (docs/blocks.md).",
         readable_file(&settings::proxies_file)},
        {"ca_file", "", "absolute path of a PEM file", "Certificate authorities to trust besides the system's.",
         readable_file(&settings::ca_file)},
        {"cookies_file", "", "absolute path of a Netscape cookie file",
         "Cookies to show TikTok, for posts that need a login; only ever read.", readable_file(&settings::cookies_file),
         on_reload},
        {"user_agent", "", "at most 512 printable ASCII characters",
         "The browser that pages and media are asked for as; empty leaves it to yt-dlp.",
         text(&settings::user_agent, is_user_agent,
              "must be at most 512 printable ASCII characters, no space at its ends"),
         on_reload},
        {"extractor_args", "", "at most 4096 characters such as tiktok:KEY=VALUE;KEY=VALUE",
         "Arguments for yt-dlp's extractor of TikTok, as its --extractor-args takes them.",
         text(&settings::extractor_args, are_extractor_arguments,
              "must be at most 4096 characters such as tiktok:KEY=VALUE,VALUE;KEY=VALUE"),
         on_reload},
        {"resolve_timeout_s", "30", "seconds, 1 to 600",
         "How long finding out what a post consists of may take, waiting for a free extractor included.",
         seconds(&settings::resolve_timeout, 1, 600), on_reload},
        {"stall_timeout_s", "20", "seconds, 1 to 600",
         "How long a media download may stand still before it is broken off and resumed.",
         seconds(&settings::stall_timeout, 1, 600), on_reload},
        {"max_file_bytes", "2147483648", "bytes, 1 to 1099511627776", "The largest file that is delivered.",
         number(&settings::max_file_bytes, 1, std::uint64_t{1} << 40), on_reload},
        {"parallel_fetches", "8", "1 to 64", "Files of one post that are fetched at a time.",
         number(&settings::parallel_fetches, 1, 64), on_reload},
        {"ffmpeg", "/usr/bin/ffmpeg", "program",
         "The ffmpeg that makes videos of photo posts; a name is looked up in PATH.", program(&settings::ffmpeg)},
        {"slideshow_jobs", "2", "1 to 64", "ffmpeg processes at a time.", number(&settings::slideshow_jobs, 1, 64)},
        {"slideshow_background", "blur", "blur or black",
         "What is behind a photo that does not fill the video's picture: the photo, blurred, or nothing.",
         one_of({"blur", "black"}, store_background)},
        {"photo_min_s", "3", "seconds, 1 to 60", "The shortest time for which a video shows each photo.",
         seconds(&settings::photo_min, 1, 60)},
        {"photo_max_s", "10", "seconds from photo_min_s on, 1 to 60",
         "The longest time for which a video shows each photo.", seconds(&settings::photo_max, 1, 60)},
        {"max_clients", "1000", "1 to 1000000",
         "Connections at a time; beyond that, whoever is waited for makes room; where nobody is, more get a 503.",
         number(&settings::max_clients, 1, 1'000'000), on_reload},
        {"max_deliveries", "100", "1 to 100000", "Posts on their way at a time; more are answered with a 503.",
         number(&settings::max_deliveries, 1, 100'000), on_reload},
        {"queue_limit", "100", "1 to 100000", "Posts waiting for a free extractor; more are answered with a 503.",
         number(&settings::queue_limit, 1, 100'000), on_reload},
        {"web_ui", "true", "true or false", "The page for people at /, and the one about the interface at /docs.",
         one_of({"true", "false"}, store_web_ui)},
        {"api_keys_file", "", "absolute path of a JSON file",
         "The keys that clients have to show (docs/keys.md); empty admits everybody.",
         readable_file(&settings::api_keys_file)},
        {"rate_limit_per_min", "0", "0 to 1000000",
         "Downloads a minute for each key or else each client address; more are answered with a 429; 0 sets no limit.",
         number(&settings::rate_limit_per_min, 0, 1'000'000), on_reload},
        {"max_deliveries_per_client", "100", "1 to 100000",
         "Downloads at a time for each key or else each client address; more are answered with a 429.",
         number(&settings::max_deliveries_per_client, 1, 100'000), on_reload},
        {"trusted_proxies", "", "networks, separated by commas",
         "The reverse proxies whose word on where a client is (X-Forwarded-For) is believed; empty believes nobody.",
         store_trusted_proxies},
        {"shutdown_grace_s", "30", "seconds, 0 to 3600", "How long running transfers may go on after SIGTERM.",
         seconds(&settings::shutdown_grace, 0, 3600), on_reload},
        {"log_level", "info", "trace, debug, info, warning or error", "The least important messages to log.",
         one_of({"trace", "debug", "info", "warning", "error"}, store_level), on_reload},
        {"log_format", "text", "text or json", "Lines of text, or one JSON object a line.",
         one_of({"text", "json"}, store_format)},
    };
}

} // namespace

const std::vector<setting>& table()
{
    static const std::vector<setting> settings_table = make_table();
    return settings_table;
}

std::string option_name(std::string_view key)
{
    std::string name(key);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

std::string environment_name(std::string_view key)
{
    std::string name = "TTSAVE_";
    for (const char c : key)
        name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

} // namespace ttsave::settings
