// Stands for the console in tests: starts an embedded server, says so, and waits to be killed.
//   embedded_console FOLDER [freeze]   freeze: stop the server with SIGSTOP, so that it cannot hear us die
#include "monitor/pg/embedded_server.h"

#include <csignal>
#include <cstdio>
#include <string_view>
#include <unistd.h>

int main(int argc, char** argv)
{
    if (argc < 2) {
        return 2;
    }
    pg::EmbeddedOptions options;
    options.dataDir = argv[1];
    options.durable = false;
    pg::EmbeddedServer server(std::move(options));
    if (const core::Result<void> started = server.start(); !started) {
        std::printf("error %s %s\n", started.error().code.c_str(), started.error().message.c_str());
        return 1;
    }
    if (argc > 2 && std::string_view(argv[2]) == "freeze") {
        ::kill(server.pid(), SIGSTOP);
    }
    std::printf("server %d\n", server.pid());
    std::fflush(stdout);
    for (;;) {
        ::pause();
    }
}
