#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ttsave::test {

/// What is logged during its life.
class captured_log {
public:
    captured_log() { spdlog::default_logger()->sinks().push_back(sink_); }
    ~captured_log() { std::erase(spdlog::default_logger()->sinks(), sink_); }

    captured_log(const captured_log&) = delete;
    captured_log& operator=(const captured_log&) = delete;

    std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    const spdlog::sink_ptr sink_ = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
};

} // namespace ttsave::test
