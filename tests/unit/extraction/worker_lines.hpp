#pragma once

// Lines of an extractor for tests to take apart.

#include "extraction/worker_protocol.hpp"

#include <boost/system/errc.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::extraction {

inline const std::string ready = R"({"event":"ready","yt_dlp":"2026.10.26","python":"3.11.2","protocol":5})";
inline const std::string unusable = R"({"event":"unusable","message":"ModuleNotFoundError: No module named 'yt_dlp'"})";
inline const std::string failed =
    R"({"id":7,"event":"failed","code":"post.private","message":"You do not have permission"})";
inline const std::string post =
    R"({"id":8,"event":"post","post":{"id":"7312345678901234567","kind":"video","title":"Заголовок 😀",)"
    R"("description":"a\n\"b\" \ud83d\ude00\u0000","author":"some.user","duration_s":15,"media":[)"
    R"({"role":"video","sound":true,"ext":"mp4","codec":"h264","size_bytes":1234567,"width":576,"height":1024,"sources":[)"
    R"({"url":"https://v16.tiktokcdn.com/a","headers":{"Referer":"https://www.tiktok.com/",)"
    R"("User-Agent":"Mozilla/5.0"},"cookies":"ttwid=1; tt_chain_token=x"},)"
    R"({"url":"https://v19.tiktokcdn.com/a","headers":{}}]}]}})";
inline const std::string photo = R"({"role":"photo","ext":"jpg","sources":[{"url":"p","headers":{}}]})";
inline const std::string sound = R"({"role":"sound","ext":"mp3","sources":[{"url":"s","headers":{}}]})";
inline const std::string video = R"({"role":"video","sound":true,"ext":"mp4","sources":[{"url":"v","headers":{}}]})";

inline void expect_refused(const std::string& line)
{
    const auto event = parse_event(line);
    ASSERT_FALSE(event) << line;
    EXPECT_EQ(event.error(), boost::system::errc::protocol_error) << line;
}

/// The post line with one text replaced by another.
inline std::string post_with(std::string_view known, std::string_view other)
{
    std::string line = post;
    const auto place = line.find(known);
    if (place == std::string::npos)
        throw std::logic_error("the worked example has no " + std::string(known));
    return line.replace(place, known.size(), other);
}

/// The line of a post that consists of `media`.
inline std::string post_of(const std::string& kind, const std::vector<std::string>& media)
{
    std::string list;
    for (const auto& medium : media)
        list += (list.empty() ? "" : ",") + medium;
    return R"({"id":8,"event":"post","post":{"id":"1","title":"","description":"","author":"","kind":")" + kind +
           R"(","media":[)" + list + "]}}";
}

} // namespace ttsave::extraction
