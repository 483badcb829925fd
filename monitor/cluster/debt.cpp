#include "monitor/cluster/debt.h"

#include "monitor/alert/silence.h"
#include "monitor/core/format.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
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

std::optional<metrics::SilenceRow> silenceIn(const json& entry)
{
    if (!entry.is_object() || !entry.contains("silence") || !entry["silence"].is_string()) {
        return std::nullopt;
    }
    auto silence = alert::readSilence(entry["silence"].get_ref<const std::string&>());
    return silence ? std::optional(std::move(*silence)) : std::nullopt;
}

void readDebt(const json& entry, std::span<const std::string> urls, std::vector<Debt>& debts)
{
    auto silence = silenceIn(entry);
    auto peers = silence && entry.contains("peers") ? peersIn(entry["peers"], urls) : std::set<std::size_t>();
    if (silence && !peers.empty() && debts.size() < kMostDebts) {
        const bool ends = entry.contains("end") && entry["end"] == json(true);
        debts.push_back({std::move(*silence), std::move(peers), ends ? Debt::Kind::End : Debt::Kind::Tell});
    }
}

void readAck(const json& entry, std::vector<Ack>& acks)
{
    auto silence = silenceIn(entry);
    const bool dated = silence && entry.contains("since") && entry["since"].is_string();
    const auto since = dated ? alert::parseTime(entry["since"].get_ref<const std::string&>())
                             : core::Result<core::WallTime>(core::fail("no time"));
    if (silence && since && acks.size() < kMostAcks) {
        acks.push_back({std::move(*silence), *since});
    }
}

} // namespace

std::string ledgerText(const Ledger& ledger, std::span<const std::string> urls)
{
    json owed = json::array();
    for (const Debt& debt : ledger.debts) {
        json peers = json::array();
        for (const std::size_t peer : debt.peers) {
            peers.push_back(urls[peer]);
        }
        // No time of writing goes in: texts differ only when what they hold does.
        json entry{{"silence", alert::silenceJson(debt.silence, {})}, {"peers", std::move(peers)}};
        if (debt.kind == Debt::Kind::End) {
            entry["end"] = true;
        }
        owed.push_back(std::move(entry));
    }
    json acks = json::array();
    for (const Ack& ack : ledger.acks) {
        acks.push_back(
            {{"silence", alert::silenceJson(ack.silence, {})}, {"since", core::isoUtc(ack.since)}});
    }
    return json{{"owed", std::move(owed)}, {"acknowledged", std::move(acks)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

Ledger readLedger(std::string_view text, std::span<const std::string> urls)
{
    Ledger ledger;
    const json book = text.size() > kMostText ? json() : json::parse(text, nullptr, false);
    const auto listIn = [&book](const char* name) {
        return book.is_object() && book.contains(name) && book[name].is_array() ? book[name] : json::array();
    };
    for (const json& entry : book.is_array() ? book : listIn("owed")) {
        readDebt(entry, urls, ledger.debts);
    }
    for (const json& entry : listIn("acknowledged")) {
        readAck(entry, ledger.acks);
    }
    return ledger;
}

} // namespace cluster
