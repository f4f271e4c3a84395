// Issue 8, line 2: every error is listed once, with words for people in both languages.

#include "api/error_table.hpp"

#include "builders.hpp"
#include "http/error_response.hpp"
#include "http/request_error.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ttsave::api {
namespace {

using testing::EndsWith;
using testing::UnorderedElementsAreArray;

TEST(ErrorTable, HasARowForEachFault)
{
    std::size_t index = 0;
    for (const auto& row : error_table())
        EXPECT_EQ(row.name, static_cast<fault>(index++)) << name_of(row);
    EXPECT_EQ(index, static_cast<std::size_t>(fault::unavailable) + 1) << "the last one";
}

TEST(ErrorTable, TellsEachFailureByItsCode)
{
    for (const errc failure : test::every_errc()) {
        const auto& row = entry_of(fault_of(failure));
        if (failure == errc::overloaded || failure == errc::shutting_down)
            EXPECT_EQ(row.name, fault::unavailable);
        else if (failure == errc::marker_in_media)
            EXPECT_EQ(row.name, fault::unexpected);
        else
            EXPECT_EQ(row.code, stable_code(failure));
    }
}

TEST(ErrorTable, NamesEachErrorInOneWay)
{
    std::set<std::string> names;
    for (const auto& row : error_table()) {
        EXPECT_TRUE(row.code.empty() || row.type.empty()) << row.code;
        EXPECT_TRUE(names.insert(name_of(row)).second) << name_of(row);
        EXPECT_EQ(row.worded == wording::validation, !row.type.empty()) << name_of(row);
        EXPECT_EQ(row.type.empty(), row.status != http::status::unprocessable_entity) << name_of(row);
        EXPECT_FALSE(row.detail.empty()) << name_of(row);
    }
}

TEST(ErrorTable, KnowsWhateverHttpAnswersByItself)
{
    for (auto next = http::request_error{1};; next = static_cast<http::request_error>(static_cast<int>(next) + 1)) {
        const error_code failure = next;
        if (failure.message() == "unknown")
            break;
        const auto rows = error_table();
        const auto row = std::find_if(rows.begin(), rows.end(), [next](const error_entry& each) {
            return each.status == http::status_of(next) && each.code.empty() && each.type.empty();
        });
        ASSERT_NE(row, rows.end()) << failure.message();
        EXPECT_EQ(row->detail, http::own_detail(http::status_of(next))) << failure.message();
    }
}

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char each) { return each >= ' ' && each <= '~'; });
}

/// Whether there are Cyrillic letters, which begin with D0 or D1 in UTF-8.
bool is_russian(std::string_view text)
{
    return text.find_first_of("\xd0\xd1") != std::string_view::npos;
}

TEST(ErrorTable, HasWordsInBothLanguages)
{
    std::set<std::string_view> meanings;
    for (const auto& row : error_table()) {
        for (const auto& words : {row.meaning, row.advice}) {
            EXPECT_TRUE(is_ascii(words.english)) << words.english;
            EXPECT_TRUE(is_russian(words.russian)) << words.russian;
            for (const auto text : {words.english, words.russian}) {
                EXPECT_THAT(std::string(text), EndsWith(".")) << name_of(row);
                EXPECT_EQ(text.find("  "), std::string_view::npos) << text;
            }
        }
        EXPECT_TRUE(meanings.insert(row.meaning.english).second) << row.meaning.english;
        EXPECT_TRUE(meanings.insert(row.meaning.russian).second) << row.meaning.russian;
    }
}

/// What stands between backquotes in the first column of the table that begins with "| `code` |".
std::vector<std::string> codes_in(const std::filesystem::path& readme)
{
    std::ifstream file(readme);
    EXPECT_TRUE(file) << readme;
    std::vector<std::string> found;
    bool is_in_table = false;
    for (std::string line; std::getline(file, line);) {
        if (is_in_table && line.starts_with("| `")) {
            std::istringstream cell(line.substr(0, line.find(" | ")));
            for (std::string between, code; std::getline(cell, between, '`') && std::getline(cell, code, '`');)
                found.push_back(code);
        }
        is_in_table = line.starts_with("| `code` |") || (is_in_table && line.starts_with("|"));
    }
    return found;
}

TEST(ErrorTable, IsWhatTheReadmesList)
{
    std::vector<std::string> codes;
    for (const auto& row : error_table())
        if (!row.code.empty())
            codes.emplace_back(row.code);
    const std::filesystem::path readme(TTSAVE_README);
    EXPECT_THAT(codes_in(readme), UnorderedElementsAreArray(codes));
    const auto in_russian = readme.parent_path() / "README.ru.md";
    if (std::filesystem::exists(in_russian)) {
        EXPECT_THAT(codes_in(in_russian), UnorderedElementsAreArray(codes));
    }
}

} // namespace
} // namespace ttsave::api
