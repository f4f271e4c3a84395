#include "api/metrics_page.hpp"

#include "metrics/exposition.hpp"

#include <string>
#include <utility>

namespace ttsave::api {

http::immediate_handler make_metrics_page(const metrics::instruments& counted,
                                          std::function<void(metrics::samples&)> ask)
{
    return [&counted, ask = std::move(ask)](const http::request& /*asked*/) {
        metrics::samples asked;
        ask(asked);
        http::response answer;
        answer.content_type = metrics::exposition_type;
        answer.body = metrics::exposition(counted, std::move(asked));
        return answer;
    };
}

} // namespace ttsave::api
