// Runs a program that scales.
#pragma once

#include "monitor/respond/scaler.h"

namespace respond {

class CommandScaler final : public Scaler {
public:
    explicit CommandScaler(CommandTarget target)
        : m_target(std::move(target))
    {
    }
    [[nodiscard]] std::string title() const override;
    [[nodiscard]] core::Result<Replicas> read(const std::stop_token& stop) override;
    [[nodiscard]] core::Result<ScaleResult> scale(const ScaleRequest& request,
                                                  const std::stop_token& stop) override;
    [[nodiscard]] core::Result<std::vector<std::string>> rehearse(const ScaleRequest& request,
                                                                  const std::stop_token& stop) override;

private:
    [[nodiscard]] std::vector<std::string> argumentsFor(const ScaleRequest& request, int from, int to) const;
    const CommandTarget m_target;
    int m_replicas = -1; // -1 = never run
};

struct CommandOutcome {
    int code = 0;       // exit code
    std::string output; // of stdout and stderr, at most 64 KiB
};
// Runs it in a process group of its own, without a shell, stdin empty; killed with all its children after
// `timeout` or when stop is asked for. Errors: it cannot be started, took too long, was ended by a signal.
[[nodiscard]] core::Result<CommandOutcome> runCommand(const std::vector<std::string>& arguments,
                                                      core::Nanos timeout, const std::stop_token& stop);

} // namespace respond
