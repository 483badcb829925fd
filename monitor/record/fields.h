// Plain values to JSON and back by one list of fields each: what is written is what is read.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/metric_def.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace record {

using Json = nlohmann::json;

// A struct says its fields once: `template <class A> void fields(A& a, T& value) { a("name", value.name); … }`.
// Numbers that are none are null. Reading is total: what is missing or of another kind leaves the field as it was,
// and enumerations beyond their last value too.
class Putter {
public:
    explicit Putter(Json& out)
        : m_out(out)
    {
    }
    template <class T>
    void operator()(const char* name, T& value)
    {
        m_out[name] = put(value);
    }
    template <class E>
    void choice(const char* name, E& value, E)
    {
        m_out[name] = static_cast<int>(value);
    }

    template <class T>
    [[nodiscard]] static Json put(T& value);

private:
    Json& m_out;
};

class Taker {
public:
    explicit Taker(const Json& in)
        : m_in(in)
    {
    }
    template <class T>
    void operator()(const char* name, T& value)
    {
        if (const auto at = m_in.find(name); at != m_in.end()) {
            take(*at, value);
        }
    }
    template <class E>
    void choice(const char* name, E& value, E last)
    {
        int number = static_cast<int>(value);
        (*this)(name, number);
        if (number >= 0 && number <= static_cast<int>(last)) {
            value = static_cast<E>(number);
        }
    }

    template <class T>
    static void take(const Json& json, T& value);

private:
    const Json& m_in;
};

namespace shapes {

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsShared = false;
template <class T>
inline constexpr bool kIsShared<std::shared_ptr<const T>> = true;
template <class T>
concept Ticks = requires(T value) { typename T::period; value.count(); };

} // namespace shapes

template <class T>
Json Putter::put(T& value)
{
    using Plain = std::remove_const_t<T>;
    if constexpr (std::is_floating_point_v<Plain>) {
        return std::isfinite(value) ? Json(value) : Json();
    } else if constexpr (std::is_arithmetic_v<Plain> || std::is_same_v<Plain, std::string> ||
                         std::is_same_v<Plain, metrics::Labels> ||
                         std::is_same_v<Plain, std::map<std::string, std::string>>) {
        return Json(value);
    } else if constexpr (shapes::Ticks<Plain>) {
        return Json(value.count());
    } else if constexpr (std::is_same_v<Plain, core::WallTime>) {
        return Json(value.time_since_epoch().count());
    } else if constexpr (shapes::kIsVector<Plain>) {
        Json list = Json::array();
        for (auto& one : value) {
            list.push_back(put(one));
        }
        return list;
    } else if constexpr (shapes::kIsShared<Plain>) {
        return value ? put(*value) : Json();
    } else {
        Json object = Json::object();
        Putter putter(object);
        fields(putter, const_cast<Plain&>(value)); // one list for both ways; writing changes nothing
        return object;
    }
}

template <class T>
void Taker::take(const Json& json, T& value)
{
    if constexpr (std::is_same_v<T, bool>) {
        value = json.is_boolean() ? json.get<bool>() : value;
    } else if constexpr (std::is_floating_point_v<T>) {
        value = json.is_number() ? json.get<T>() : json.is_null() ? std::numeric_limits<T>::quiet_NaN() : value;
    } else if constexpr (std::is_arithmetic_v<T>) {
        if (json.is_number_integer()) {
            const auto wide = json.get<std::int64_t>();
            value = std::in_range<T>(wide) ? static_cast<T>(wide) : value;
        }
    } else if constexpr (std::is_same_v<T, std::string>) {
        value = json.is_string() ? json.get<std::string>() : value;
    } else if constexpr (std::is_same_v<T, metrics::Labels>) {
        value.clear();
        for (const Json& pair : json.is_array() ? json : Json::array()) {
            if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
                value.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
            }
        }
    } else if constexpr (shapes::Ticks<T>) {
        value = json.is_number_integer() ? T(json.get<std::int64_t>()) : value;
    } else if constexpr (std::is_same_v<T, core::WallTime>) {
        value = json.is_number_integer() ? core::WallTime(std::chrono::microseconds(json.get<std::int64_t>())) : value;
    } else if constexpr (shapes::kIsVector<T>) {
        value.clear();
        for (const Json& one : json.is_array() ? json : Json::array()) {
            take(one, value.emplace_back());
        }
    } else if constexpr (shapes::kIsShared<T>) {
        std::remove_const_t<typename T::element_type> read;
        take(json, read);
        value = std::make_shared<typename T::element_type>(std::move(read));
    } else if (json.is_object()) {
        Taker taker(json);
        fields(taker, value);
    }
}

} // namespace record
