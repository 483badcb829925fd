#include "monitor/notify/key_ring.h"

#include "monitor/core/format.h"
#include "monitor/core/mutex.h"

#include <fmt/format.h>

#include <libsecret/secret.h>

#include <sys/stat.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace notify {

namespace {

constexpr auto kQuick = std::chrono::seconds(5);
constexpr auto kAtTheWindow = std::chrono::seconds(60);

struct Unref {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
struct FreeTable {
    void operator()(GHashTable* table) const noexcept { g_hash_table_unref(table); }
};
struct FreeValue {
    void operator()(gpointer value) const noexcept { secret_value_unref(value); }
};
template <class T>
using Object = std::unique_ptr<T, Unref>;
using Table = std::unique_ptr<GHashTable, FreeTable>;
using Value = std::unique_ptr<SecretValue, FreeValue>;

// Where a call's error comes to.
class Failure {
public:
    ~Failure()
    {
        if (m_error != nullptr) {
            g_error_free(m_error);
        }
    }
    Failure() = default;
    Failure(const Failure&) = delete;
    Failure& operator=(const Failure&) = delete;

    [[nodiscard]] GError** out() noexcept { return &m_error; }
    [[nodiscard]] explicit operator bool() const noexcept { return m_error != nullptr; }
    [[nodiscard]] core::Error error() const
    {
        const bool nobody = g_error_matches(m_error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) != 0 ||
                            g_error_matches(m_error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) != 0;
        const bool locked = g_error_matches(m_error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) != 0;
        const bool late = g_error_matches(m_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) != 0;
        const std::string said = late ? "it did not answer in time" : core::oneLine(m_error->message, 200);
        return {fmt::format("the key ring: {}", said), nobody ? "unreachable" : locked ? "locked" : ""};
    }

private:
    GError* m_error = nullptr;
};

// Ends a call that takes longer.
class Limit {
public:
    explicit Limit(std::chrono::seconds most)
        : m_call(g_cancellable_new())
        , m_watch([this, most](const std::stop_token& stop) {
            std::mutex mutex;
            std::condition_variable_any over;
            std::unique_lock lock(mutex);
            (void)over.wait_for(lock, stop, most, [] { return false; });
            if (!stop.stop_requested()) {
                g_cancellable_cancel(m_call.get());
            }
        })
    {
    }
    [[nodiscard]] GCancellable* call() const noexcept { return m_call.get(); }

private:
    Object<GCancellable> m_call;
    std::jthread m_watch; // last: joins first
};

const SecretSchema& schema()
{
    static const SecretSchema made = [] {
        SecretSchema empty{};
        empty.name = "org.poolscope.Secret";
        empty.flags = SECRET_SCHEMA_NONE;
        empty.attributes[0] = {"owner", SECRET_SCHEMA_ATTRIBUTE_STRING};
        empty.attributes[1] = {"name", SECRET_SCHEMA_ATTRIBUTE_STRING};
        return empty;
    }();
    return made;
}

// A bus that is there already: nothing is started for our sake (dbus-launch would be, where there is a
// display).
bool hasBus()
{
    if (std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr) {
        return true;
    }
    const char* folder = std::getenv("XDG_RUNTIME_DIR");
    struct stat info {};
    return folder != nullptr && ::stat((std::string(folder) + "/bus").c_str(), &info) == 0;
}

class SessionKeyRing final : public KeyRing {
public:
    explicit SessionKeyRing(std::string owner)
        : m_owner(std::move(owner))
    {
    }

    core::Result<void> reachable() override
    {
        const Limit limit(kQuick);
        const auto there = service(limit);
        return there ? core::Result<void>() : core::Unexpected<core::Error>{there.error()};
    }

    core::Result<std::string> lookup(const std::string& name) override
    {
        const Limit limit(kQuick);
        const auto there = service(limit);
        if (!there) {
            return core::Unexpected<core::Error>{there.error()};
        }
        Failure failure;
        GList* found = secret_service_search_sync(there->get(), &schema(), attributes(name).get(),
                                                  SECRET_SEARCH_LOAD_SECRETS, limit.call(), failure.out());
        if (failure) {
            return core::Unexpected<core::Error>{failure.error()};
        }
        if (found == nullptr) {
            return core::fail(fmt::format("the key ring has no {}", name), "missing");
        }
        auto* item = static_cast<SecretItem*>(found->data);
        const bool locked = secret_item_get_locked(item) != 0;
        const Value value(locked ? nullptr : secret_item_get_secret(item));
        const gchar* text = value ? secret_value_get_text(value.get()) : nullptr;
        auto answer =
            text != nullptr ? core::Result<std::string>(std::string(text))
            : locked
                ? core::Result<std::string>(core::fail("the key ring is locked", "locked"))
                : core::Result<std::string>(core::fail(fmt::format("the key ring has no text for {}", name)));
        g_list_free_full(found, g_object_unref);
        return answer;
    }

    core::Result<void> store(const std::string& name, const std::string& value) override
    {
        const Limit limit(kAtTheWindow);
        const auto there = service(limit);
        if (!there) {
            return core::Unexpected<core::Error>{there.error()};
        }
        const Value kept(
            secret_value_new(value.data(), static_cast<gssize>(value.size()), "text/plain; charset=utf-8"));
        Failure failure;
        const bool stored =
            secret_service_store_sync(there->get(), &schema(), attributes(name).get(),
                                      SECRET_COLLECTION_DEFAULT, fmt::format("Poolscope: {}", name).c_str(),
                                      kept.get(), limit.call(), failure.out()) != 0;
        if (failure) {
            return core::Unexpected<core::Error>{failure.error()};
        }
        return stored ? core::Result<void>()
                      : core::Result<void>(core::fail("the key ring was not unlocked", "locked"));
    }

    core::Result<void> remove(const std::string& name) override
    {
        const Limit limit(kQuick);
        const auto there = service(limit);
        if (!there) {
            return core::Unexpected<core::Error>{there.error()};
        }
        Failure failure;
        (void)secret_service_clear_sync(there->get(), &schema(), attributes(name).get(), limit.call(),
                                        failure.out());
        return failure ? core::Result<void>(core::Unexpected<core::Error>{failure.error()})
                       : core::Result<void>();
    }

private:
    [[nodiscard]] static core::Result<Object<SecretService>> service(const Limit& limit)
    {
        if (!hasBus()) {
            return core::fail("the key ring: there is no session bus", "unreachable");
        }
        Failure failure;
        Object<SecretService> made(
            secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, limit.call(), failure.out()));
        if (!made) {
            core::Error error = failure.error();
            if (error.code.empty()) { // no bus at that address, an old socket of one that is gone
                error.code = "unreachable";
            }
            return core::Unexpected<core::Error>{std::move(error)};
        }
        return made;
    }

    [[nodiscard]] Table attributes(const std::string& name) const
    {
        return Table(
            secret_attributes_build(&schema(), "owner", m_owner.c_str(), "name", name.c_str(), nullptr));
    }

    const std::string m_owner;
};

} // namespace

std::shared_ptr<KeyRing> sessionKeyRing(std::string owner)
{
    return std::make_shared<SessionKeyRing>(std::move(owner));
}

} // namespace notify
