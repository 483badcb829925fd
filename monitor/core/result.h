// Errors as values at the seams: the names of std::expected, which this compiler has only in C++23.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace core {

// What went wrong, in words a user can act on, and a code a program can compare (SQLSTATE, errno name, rule id).
struct Error {
    std::string message;
    std::string code = {};

    friend bool operator==(const Error&, const Error&) = default;
};

template <class E>
struct Unexpected {
    E value;
};

template <class E>
Unexpected(E) -> Unexpected<E>;

inline Unexpected<Error> fail(std::string message, std::string code = {})
{
    return {Error{std::move(message), std::move(code)}};
}

// Either a T or an E. Not thread-safe; value() and error() may only be asked for the side that is there.
template <class T, class E = Error>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Unexpected<E> error) : m_state(std::in_place_index<1>, std::move(error.value)) {}

    [[nodiscard]] bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const E& error() const& { return std::get<1>(m_state); }
    [[nodiscard]] E&& error() && { return std::get<1>(std::move(m_state)); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &std::get<0>(m_state); }
    const T* operator->() const { return &std::get<0>(m_state); }

    template <class U>
    [[nodiscard]] T value_or(U&& other) const&
    {
        return has_value() ? value() : static_cast<T>(std::forward<U>(other));
    }

private:
    std::variant<T, E> m_state;
};

template <class E>
class [[nodiscard]] Result<void, E> {
public:
    Result() = default;
    Result(Unexpected<E> error) : m_error(std::move(error.value)), m_ok(false) {}

    [[nodiscard]] bool has_value() const noexcept { return m_ok; }
    explicit operator bool() const noexcept { return m_ok; }
    [[nodiscard]] const E& error() const& { return m_error; }
    [[nodiscard]] E&& error() && { return std::move(m_error); }

private:
    E m_error{};
    bool m_ok = true;
};

} // namespace core
