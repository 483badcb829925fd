// One HTTP fetch after another over one handle of libcurl's. Inside of this room only.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/target_rows.h"
#include "monitor/targets/target_spec.h"

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace targets {

// What all bodies under way may hold together.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t most) noexcept
        : m_left(static_cast<std::ptrdiff_t>(most))
    {
    }
    [[nodiscard]] bool take(std::size_t bytes) noexcept
    {
        if (m_left.fetch_sub(static_cast<std::ptrdiff_t>(bytes)) >= static_cast<std::ptrdiff_t>(bytes)) {
            return true;
        }
        give(bytes);
        return false;
    }
    void give(std::size_t bytes) noexcept { m_left.fetch_add(static_cast<std::ptrdiff_t>(bytes)); }

private:
    std::atomic<std::ptrdiff_t> m_left;
};

struct FetchedPage {
    std::string body;
    std::string contentType;
    std::string error; // one line without address or credentials; empty: 2xx, body and contentType count
    metrics::TargetCause cause = metrics::TargetCause::None; // None where error is empty
    int status = 0;                                          // of HTTP; 0: it did not come so far
    core::Nanos took{0};
    core::Nanos pause{
        0}; // how long the server wants to be left alone (429 and 503 with Retry-After), at most 5 min
};

// Used by one thread; its address may not change while a fetch is under way.
class Fetch {
public:
    Fetch(const TargetSpec& spec, MemoryBudget& budget);
    ~Fetch();
    Fetch(const Fetch&) = delete;
    Fetch& operator=(const Fetch&) = delete;

    // Ready to be added to a multi handle; an error when a secret's file cannot be read.
    [[nodiscard]] core::Result<CURL*> begin();
    // After libcurl is done with it; what was held of the budget goes with the page: give back `held()` with
    // releaseBody().
    [[nodiscard]] FetchedPage finish(CURLcode code);
    [[nodiscard]] CURL* handle() const noexcept { return m_easy.get(); }

private:
    struct EasyEnd {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListEnd {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    static std::size_t takeBody(char* data, std::size_t size, std::size_t count, void* self);
    void setUp();
    [[nodiscard]] core::Result<void> authenticate();
    [[nodiscard]] std::string errorText(CURLcode code) const;
    [[nodiscard]] core::Nanos pauseWanted() const;
    [[nodiscard]] metrics::TargetCause causeOf(CURLcode code) const;
    [[nodiscard]] int status() const;

    const TargetSpec m_spec;
    MemoryBudget& m_budget;
    std::unique_ptr<curl_slist, ListEnd> m_headers;
    std::string m_body;
    std::array<char, CURL_ERROR_SIZE> m_words{}; // libcurl's
    bool m_tooLarge = false;
    bool m_crowded = false;
    std::unique_ptr<CURL, EasyEnd> m_easy; // last: ends before what it points at
};

} // namespace targets
