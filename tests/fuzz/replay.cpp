// Gives saved files to a target, without a fuzzer: a test in every build, and the way to look into a crash with a
// debugger.
//
//   ttsave-fuzz-replay TARGET FILE_OR_DIRECTORY...

#include "targets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace ttsave::fuzz;

const std::map<std::string, target*> targets{
    {"api_keys", api_keys},
    {"content_meta", content_meta},
    {"download_request", download_request},
    {"image_header", image_header},
    {"json_document", json_document},
    {"manifest", manifest},
    {"media_type", media_type},
    {"mp4", mp4},
    {"multipart", multipart},
    {"page_fields", page_fields},
    {"post_url", post_url},
    {"request_head", request_head},
    {"settings_file", settings_file},
    {"still_picture", still_picture},
    {"web_url", web_url},
    {"worker_protocol", worker_protocol},
};

std::vector<std::filesystem::path> files_of(const std::filesystem::path& place)
{
    if (!std::filesystem::is_directory(place))
        return {place};
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(place))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string content_of(const std::filesystem::path& file)
{
    std::ifstream opened(file, std::ios::binary);
    if (!opened)
        throw std::filesystem::filesystem_error("cannot be read", file, std::error_code());
    return {std::istreambuf_iterator<char>(opened), {}};
}

} // namespace

int main(int count, char** words)
{
    const auto found = count > 2 ? targets.find(words[1]) : targets.end();
    if (found == targets.end()) {
        std::cerr << "usage: ttsave-fuzz-replay TARGET FILE_OR_DIRECTORY...\n";
        return 2;
    }
    std::size_t replayed = 0;
    for (int index = 2; index < count; ++index)
        for (const auto& file : files_of(words[index])) {
            std::cout << file.string() << std::endl; // the last one named is the one that ended it
            found->second(content_of(file));
            ++replayed;
        }
    return replayed > 0 ? 0 : 1; // no corpus is no test
}
