#pragma once

// A store in a directory of its own, for tests.

#include "store/media_store.hpp"

#include "builders.hpp"
#include "core/checksum.hpp"
#include "core/file_io.hpp"
#include "store/spool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::store {

class store_test : public testing::Test {
protected:
    std::unique_ptr<media_store> open(std::chrono::seconds ttl = std::chrono::hours(1),
                                      std::uint64_t max_bytes = 1'000'000)
    {
        auto opened = std::make_unique<media_store>(media_store_options{home_.path(), max_bytes, ttl});
        opened->maintain();
        return opened;
    }

    /// Keeps `contents`, spooled as deliveries spool them, under `key`.
    bool keep(media_store& into, const std::string& key, const std::vector<std::string>& contents)
    {
        manifest about;
        about.key = key;
        about.about = {{"title", key}};
        about.boundary_safe = true;
        std::vector<unique_fd> files;
        std::vector<int> descriptors;
        for (const auto& content : contents) {
            files.push_back(std::move(*spool_.create()));
            EXPECT_FALSE(write_at(files.back().get(), 0, content));
            descriptors.push_back(files.back().get());
            checksum sum;
            sum.add(content);
            const auto name = std::to_string(files.size()) + ".mp4";
            about.files.push_back({name, "mp4", content.size(), sum.text()});
        }
        return into.admit(std::move(about), descriptors);
    }

    /// What is found under `key`: the files' contents, or nothing.
    static std::optional<std::vector<std::string>> found(media_store& from, const std::string& key)
    {
        const auto entry = from.find(key);
        const auto files = entry ? from.open(entry) : result<std::vector<unique_fd>>(error_code());
        if (!entry || !files)
            return std::nullopt;
        std::vector<std::string> contents;
        for (const auto& file : *files)
            contents.push_back(read_at(file.get(), 0, 1'000'000));
        return contents;
    }

    std::size_t count(const std::string& folder) const
    {
        const std::filesystem::directory_iterator all(home_.path() / folder);
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    std::filesystem::path file_of(const std::string& key, const std::string& name = "1.mp4") const
    {
        return home_.path() / "entries" / key / name;
    }

    /// Returns once the file system's clock has moved on: it ticks every few milliseconds, and times tell what changed.
    void until_next_tick() const
    {
        const auto probe = home_.path() / "probe";
        const auto touch = [&probe] {
            std::ofstream(probe) << 'x';
            return std::filesystem::last_write_time(probe);
        };
        for (const auto before = touch(); touch() == before;) {
        }
        std::filesystem::remove(probe);
    }

    static void flip_a_byte(const std::filesystem::path& path, std::streamoff place)
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(place);
        const int byte = file.get();
        file.seekp(place);
        file.put(static_cast<char>(byte ^ 1));
        ASSERT_TRUE(file.flush());
    }

    const test::temporary_directory home_;
    spool spool_{home_.path(), 1 << 30};
    const std::vector<std::string> two_{std::string(1000, 'a'), std::string(300'000, 'b')};
};

} // namespace ttsave::store
