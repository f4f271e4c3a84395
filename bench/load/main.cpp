// The load client of the benchmark: many connections on one thread, payload dropped inside the kernel, so that it takes
// as little as possible of the cores that it shares with the server.
//
// Usage: ttsave-bench-load PORT CONNECTIONS SECONDS PAYLOAD PAYLOAD-BEFORE-FILE REQUESTS-FILE
//
// SECONDS 0: each request once. The requests in the file are separated by NUL. Prints one JSON object, with the median
// and the 99th percentile of latencies; exit status 1 if anything was not as it should be.

#include "load.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace {

using namespace ttsave::bench;

std::vector<std::string> requests_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> requests;
    for (std::string request; std::getline(file, request, '\0');)
        requests.push_back(request);
    if (requests.empty())
        throw std::runtime_error("no requests in " + path);
    return requests;
}

plan plan_of(const std::vector<std::string>& words)
{
    if (words.size() != 6)
        throw std::runtime_error("six arguments are needed, see main.cpp");
    plan wanted;
    wanted.port = static_cast<std::uint16_t>(std::stoul(words[0]));
    wanted.connections = std::stoul(words[1]);
    if (const double seconds = std::stod(words[2]); seconds > 0)
        wanted.seconds = seconds;
    wanted.payload = std::stoull(words[3]);
    wanted.payload_before_file = std::stoull(words[4]);
    wanted.requests = requests_of(words[5]);
    return wanted;
}

double quantile(std::vector<double>& values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void print(outcome& made)
{
    std::printf("{\"requests\": %zu, \"seconds\": %.6f, \"payload_bytes\": %llu, \"first_byte_us\": [%.1f, %.1f], "
                "\"whole_us\": [%.1f, %.1f]}\n",
                made.whole_us.size(), made.seconds, static_cast<unsigned long long>(made.payload),
                quantile(made.first_byte_us, 0.5), quantile(made.first_byte_us, 0.99), quantile(made.whole_us, 0.5),
                quantile(made.whole_us, 0.99));
}

} // namespace

int main(int count, char** words)
try {
    auto made = run(plan_of({words + 1, words + count}));
    print(made);
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << '\n';
    return EXIT_FAILURE;
}
