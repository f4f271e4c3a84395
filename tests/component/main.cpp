#include <gmock/gmock.h>

#include <csignal>

/// As server/main.cpp has it: a worker that dies while it is written to is an error of that write, not the end of the
/// tests.
int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    testing::InitGoogleMock(&argc, argv);
    return RUN_ALL_TESTS();
}
