#include "metrics/process_samples.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace ttsave::metrics {

namespace {

/// The fields of /proc/self/stat that are wanted here, by their numbers in proc_pid_stat(5).
struct process_stat {
    double threads = 0;        // 20
    double start_ticks = 0;    // 22, since the machine started
    double virtual_bytes = 0;  // 23
    double resident_pages = 0; // 24
};

std::optional<process_stat> read_stat()
{
    std::ifstream file("/proc/self/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto name_end = text.rfind(')'); // the name may hold anything
    if (name_end == std::string::npos)
        return std::nullopt;
    std::istringstream fields(text.substr(name_end + 1));
    std::string state;
    fields >> state;
    process_stat stat;
    double value = 0;
    for (int number = 4; number <= 24 && fields >> value; ++number)
        switch (number) {
        case 20: stat.threads = value; break;
        case 22: stat.start_ticks = value; break;
        case 23: stat.virtual_bytes = value; break;
        case 24: stat.resident_pages = value; break;
        default: break;
        }
    return fields ? std::optional(stat) : std::nullopt;
}

/// When the machine started, in seconds since 1970 (proc_stat(5), btime).
double boot_time()
{
    std::ifstream file("/proc/stat");
    std::string name;
    while (file >> name) {
        double value = 0;
        if (name == "btime" && file >> value)
            return value;
        std::getline(file, name);
    }
    return 0;
}

void add_descriptors(samples& to)
{
    std::error_code ec;
    const std::filesystem::directory_iterator open("/proc/self/fd", ec);
    if (!ec) // without the one that reads them
        to.gauge("process_open_fds", "Open file descriptors.",
                 static_cast<double>(std::distance(begin(open), end(open)) - 1));
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        to.gauge("process_max_fds", "The limit of open file descriptors.", static_cast<double>(limit.rlim_cur));
}

/// More precisely than /proc tells, which counts in hundredths of a second.
void add_processor_time(samples& to)
{
    timespec spent{};
    if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent) == 0)
        to.counter("process_cpu_seconds_total", "Processor time spent, user and system.",
                   static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9);
}

} // namespace

void add_process_samples(samples& to)
{
    add_descriptors(to);
    add_processor_time(to);
    const auto stat = read_stat();
    if (!stat)
        return;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    to.gauge("process_threads", "Threads of the process.", stat->threads);
    to.gauge("process_virtual_memory_bytes", "Virtual memory.", stat->virtual_bytes);
    to.gauge("process_resident_memory_bytes", "Resident memory.", stat->resident_pages * page);
    to.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
             boot_time() + stat->start_ticks / ticks);
}

} // namespace ttsave::metrics
