#include "monitor/targets/console_session.h"

#include "monitor/core/format.h"
#include "monitor/core/mutex.h"
#include "monitor/pg/connection.h"
#include "monitor/targets/pgbouncer_console.h"

#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace targets {

namespace {

struct UrlEnd {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string partOf(CURLU* url, CURLUPart which)
{
    char* text = nullptr;
    std::string value;
    if (curl_url_get(url, which, &text, CURLU_URLDECODE) == CURLUE_OK) {
        value = text;
    }
    curl_free(text);
    return value;
}

std::string firstLineOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::string line;
    std::getline(in, line);
    line.erase(std::min(line.find('\r'), line.size()));
    return line;
}

// Without a password_file libpq looks into .pgpass.
pg::ConnInfo connInfoOf(const TargetSpec& spec)
{
    const std::unique_ptr<CURLU, UrlEnd> url(curl_url());
    curl_url_set(url.get(), CURLUPART_URL, spec.url.c_str(), CURLU_NON_SUPPORT_SCHEME);
    pg::ConnInfo info;
    const auto set = [&info](const char* keyword, const std::string& value) {
        if (!value.empty()) {
            info.set(keyword, value);
        }
    };
    const std::string port = partOf(url.get(), CURLUPART_PORT);
    set("host", partOf(url.get(), CURLUPART_HOST));
    set("port", port.empty() ? "6432" : port);
    set("user", spec.user.empty() ? partOf(url.get(), CURLUPART_USER) : spec.user);
    set("dbname", "pgbouncer");
    set("application_name", "poolscope");
    if (!spec.secretValue.empty()) {
        set("password", spec.secretValue);
    } else if (!spec.passwordFile.empty()) {
        set("password", firstLineOf(spec.passwordFile));
    }
    if (!spec.caFile.empty()) {
        set("sslmode", "verify-full");
        set("sslrootcert", spec.caFile.string());
    }
    return info;
}

// PostgreSQL's classes 28 (who is it) and 08 (no connection), as PgBouncer uses them.
metrics::TargetCause causeOf(const core::Error& error)
{
    return error.code.starts_with("28")   ? metrics::TargetCause::Login
           : error.code.starts_with("08") ? metrics::TargetCause::Refused
                                          : metrics::TargetCause::Other;
}

} // namespace

ConsoleSession::ConsoleSession(const TargetSpec& spec)
    : m_spec(spec)
{
}

ConsoleSession::~ConsoleSession() = default;

core::Result<void> ConsoleSession::open(const std::stop_token& stop)
{
    auto opened = pg::Connection::open(connInfoOf(m_spec), pg::Deadline::in(m_spec.timeout), stop);
    if (!opened) {
        return core::fail(core::oneLine(opened.error().message, 200), opened.error().code);
    }
    m_console = std::move(*opened);
    return {};
}

Scrape ConsoleSession::ask(std::span<const Mapping> mappings, const std::stop_token& stop)
{
    const auto begun = std::chrono::steady_clock::now();
    Scrape scrape;
    const auto ready = m_console ? core::Result<void>() : open(stop);
    if (!ready) {
        scrape.error = ready.error().message;
        scrape.cause = causeOf(ready.error());
    } else if (const auto tables = askConsole(*m_console, pg::Deadline::in(m_spec.timeout)); !tables) {
        scrape.error = tables.error().message;
        scrape.cause = metrics::TargetCause::Other;
        m_console.reset();
    } else {
        Page page = pageOf(*tables);
        page.faults.limited = page.samples.size() > m_spec.maxSeries;
        page.samples.resize(std::min(page.samples.size(), m_spec.maxSeries));
        scrape = scrapeOfPage(std::move(page), mappings, m_spec.maxSeries);
    }
    scrape.took = std::chrono::steady_clock::now() - begun;
    return scrape;
}

ConsoleLane::ConsoleLane(std::shared_ptr<const TargetSpec> spec, const MappingBook& mappings, Done done)
    : m_spec(std::move(spec))
    , m_mappings(mappings)
    , m_done(std::move(done))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

void ConsoleLane::run(const std::stop_token& stop)
{
    const core::Clock& clock = core::SystemClock::instance();
    ConsoleSession session(*m_spec);
    core::Mutex mutex; // only to wait with
    core::CondVar wake;
    core::SteadyTime due = clock.steadyNow();
    while (!stop.stop_requested()) {
        const core::Nanos late = clock.steadyNow() - due;
        auto scrape = std::make_shared<Scrape>(session.ask(*m_mappings.now(), stop));
        scrape->at = clock.wallNow();
        scrape->steady = clock.steadyNow();
        if (!stop.stop_requested()) {
            m_done(std::move(scrape), late);
        }
        const auto missed =
            (clock.steadyNow() - due) / m_spec->interval; // what has passed is not made up for
        due += m_spec->interval * (missed + 1);
        core::MutexLock lock(mutex);
        wake.wait_until(lock, stop, due, [] { return false; });
    }
}

} // namespace targets
