#include "monitor/cluster/debt.h"

#include "monitor/alert/silence.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cluster {

using nlohmann::json;

namespace {

constexpr std::size_t kMostText = 4U << 20U;

std::set<std::size_t> peersIn(const json& list, std::span<const std::string> urls)
{
    std::set<std::size_t> peers;
    for (std::size_t i = 0; list.is_array() && i < urls.size(); ++i) {
        if (std::find(list.begin(), list.end(), json(urls[i])) != list.end()) {
            peers.insert(i);
        }
    }
    return peers;
}

} // namespace

std::string debtsText(std::span<const Debt> debts, std::span<const std::string> urls, core::WallTime now)
{
    json array = json::array();
    for (const Debt& debt : debts) {
        json peers = json::array();
        for (const std::size_t peer : debt.peers) {
            peers.push_back(urls[peer]);
        }
        array.push_back({{"silence", alert::silenceJson(debt.silence, now)}, {"peers", std::move(peers)}});
    }
    return array.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<Debt> readDebts(std::string_view text, std::span<const std::string> urls)
{
    std::vector<Debt> debts;
    const json array = text.size() > kMostText ? json() : json::parse(text, nullptr, false);
    if (!array.is_array()) {
        return debts;
    }
    for (const json& one : array) {
        if (!one.is_object() || !one.contains("silence") || !one["silence"].is_string() ||
            !one.contains("peers")) {
            continue;
        }
        auto silence = alert::readSilence(one["silence"].get_ref<const std::string&>());
        auto peers = peersIn(one["peers"], urls);
        if (silence && !peers.empty() && debts.size() < kMostDebts) {
            debts.push_back({std::move(*silence), std::move(peers)});
        }
    }
    return debts;
}

} // namespace cluster
