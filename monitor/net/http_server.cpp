#include "monitor/net/http_server.h"

#include "monitor/core/mutex.h"
#include "monitor/net/accept.h"
#include "monitor/net/admission.h"
#include "monitor/net/exchange.h"
#include "monitor/net/file_limit.h"
#include "monitor/net/listen_socket.h"
#include "monitor/net/mhd_glue.h"
#include "monitor/net/raw_head.h"

#include <fmt/format.h>
#include <microhttpd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace net {

namespace {

using ExchangePtr = std::shared_ptr<Exchange>;

constexpr core::Text kBusy{"too many requests are being worked on; try again",
                           "同时处理的请求过多；请稍后重试"};
constexpr core::Text kStopping{"the program is stopping", "程序正在停止"};
constexpr unsigned kThreads = 2;
constexpr core::Millis kSending{500};        // at the end, for answers on their way
constexpr core::Millis kClosing{2000};       // and for the library to see that its connections are closed
// The library keeps its own bookkeeping in the same block as the head; with room beside it, a head that is a
// little too long gets our JSON answer instead of a bare one.
constexpr std::size_t kBlockFactor = 2;

Response busy(const core::Text& why, core::Lang lang)
{
    Response response = errorResponse(503, why, lang);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

} // namespace

struct HttpServer::Impl {
    Impl(Router filled, ServerOptions chosen)
        : router(std::move(filled))
        , options(std::move(chosen))
    {
    }

    core::Result<void> start();
    void stop();
    void waitForAnswers();

    // What the library calls, on its threads.
    static void* onTarget(void* self, const char* target, MHD_Connection* connection);
    static MHD_Result onRequest(void* self, MHD_Connection* connection, const char* url, const char* method,
                                const char* version, const char* data, size_t* size, void** exchange);
    static void onCompleted(void* self, MHD_Connection* connection, void** exchange,
                            MHD_RequestTerminationCode code);
    static void onConnection(void* self, MHD_Connection* connection, void** handle,
                             MHD_ConnectionNotificationCode code);
    // Targets are decoded by parseTarget(), which knows of %00.
    static size_t leaveEscaped(void*, MHD_Connection*, char* text) { return std::string_view(text).size(); }

    // The library's own strings: views into the memory of the head, which begins with the method.
    struct FirstLine {
        std::string_view method;
        std::string_view version;
    };
    MHD_Result begin(const ExchangePtr& exchange, MHD_Connection* connection, FirstLine line);
    MHD_Result readBody(Exchange& exchange, std::string_view data);
    MHD_Result finish(const ExchangePtr& exchange, MHD_Connection* connection);
    void dispatch(const ExchangePtr& exchange);
    MHD_Result queue(MHD_Connection* connection, const Response& response);
    void enter(MHD_Connection* connection, ConnectionWatch::Phase phase);
    [[nodiscard]] bool letWork(const ExchangePtr& exchange, const core::Text*& why);
    [[nodiscard]] core::Lang langOf(const Request& request) const;

    const Router router;
    const ServerOptions options;
    std::string url;
    std::uint16_t boundPort = 0;
    bool anyAddress = false;
    std::unique_ptr<Guard> guard;
    std::unique_ptr<Admission> admission;
    std::unique_ptr<ConnectionWatch> watch;
    MHD_Daemon* daemon = nullptr;
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    mutable core::Mutex mutex; // guards what follows; handlers run outside it
    core::CondVar answered;    // an exchange has left `working`
    std::unordered_set<ExchangePtr> working GUARDED_BY(mutex);
    bool stopping GUARDED_BY(mutex) = false;
};

core::Result<void> HttpServer::Impl::start()
{
    auto socket = ListenSocket::open(options.host, options.port);
    if (!socket) {
        return core::fail(socket.error().message, socket.error().code);
    }
    boundPort = socket->port();
    anyAddress = socket->address() == "0.0.0.0" || socket->address() == "::";
    url = "http://" + hostAndPort(socket->address(), boundPort);
    guard = std::make_unique<Guard>(socket->address(), options.allowedHosts, options.token);
    admission =
        std::make_unique<Admission>(router, *guard, HeadLimits{options.limits.header, options.limits.body});
    const std::size_t connections = affordableConnections(options.limits.connections);
    WatchLimits watchLimits = options.limits.watch;
    watchLimits.crowd = std::min(watchLimits.crowd, connections * 3 / 4);
    watch = std::make_unique<ConnectionWatch>(watchLimits);
    {
        const core::MutexLock lock(mutex);
        stopping = false;
    }
    const auto idle = std::chrono::ceil<std::chrono::seconds>(watchLimits.idle);
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr,
                              &Impl::onRequest, this, MHD_OPTION_LISTEN_SOCKET, socket->release(),
                              MHD_OPTION_THREAD_POOL_SIZE, kThreads, MHD_OPTION_CONNECTION_LIMIT,
                              static_cast<unsigned>(connections), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                              options.limits.header * kBlockFactor, MHD_OPTION_CONNECTION_TIMEOUT,
                              static_cast<unsigned>(idle.count()), MHD_OPTION_STRICT_FOR_CLIENT, 1,
                              MHD_OPTION_URI_LOG_CALLBACK, &Impl::onTarget, this, MHD_OPTION_NOTIFY_COMPLETED,
                              &Impl::onCompleted, this, MHD_OPTION_NOTIFY_CONNECTION, &Impl::onConnection,
                              this, MHD_OPTION_UNESCAPE_CALLBACK, &Impl::leaveEscaped, this, MHD_OPTION_END);
    if (!daemon) {
        watch.reset();
        return core::fail(
            fmt::format("the HTTP endpoint at {} cannot be started: too few threads or open files", url));
    }
    return {};
}

void HttpServer::Impl::stop()
{
    if (!daemon) {
        return;
    }
    std::vector<ExchangePtr> left;
    {
        const core::MutexLock lock(mutex);
        stopping = true;
        left.assign(working.begin(), working.end());
    }
    for (const ExchangePtr& exchange : left) {
        exchange->answer(busy(kStopping, langOf(exchange->request)));
    }
    const int listening = MHD_quiesce_daemon(daemon);
    waitForAnswers();
    // The library (0.9.75) answers no bad request once it is stopping: its MHD_queue_response() does nothing
    // then, and the error path goes on with a response that is not there. So no request may be left when it
    // is told to stop.
    watch->closeAll(kClosing);
    MHD_stop_daemon(daemon);
    daemon = nullptr;
    if (listening != MHD_INVALID_SOCKET) {
        close(listening);
    }
    watch.reset();
}

// What was just answered gets a moment to be sent.
void HttpServer::Impl::waitForAnswers()
{
    core::MutexLock lock(mutex);
    answered.wait_for(lock, kSending, [this]() REQUIRES(mutex) { return working.empty(); });
}

core::Lang HttpServer::Impl::langOf(const Request& request) const
{
    return negotiateLanguage(request.header("accept-language"),
                             options.langNow ? options.langNow() : options.lang);
}

void* HttpServer::Impl::onTarget(void* self, const char* target, MHD_Connection* connection)
{
    static_cast<Impl*>(self)->enter(connection, ConnectionWatch::Phase::Receiving);
    return new ExchangePtr(std::make_shared<Exchange>(target));
}

void HttpServer::Impl::onConnection(void* self, MHD_Connection* connection, void** handle,
                                    MHD_ConnectionNotificationCode code)
{
    auto& watch = *static_cast<Impl*>(self)->watch;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *handle = new ConnectionWatch::Handle(watch.add(socketOf(connection)));
        return;
    }
    const std::unique_ptr<ConnectionWatch::Handle> owned(static_cast<ConnectionWatch::Handle*>(*handle));
    *handle = nullptr;
    if (owned) {
        watch.remove(*owned);
    }
}

void HttpServer::Impl::enter(MHD_Connection* connection, ConnectionWatch::Phase phase)
{
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info && info->socket_context) {
        watch->enter(*static_cast<ConnectionWatch::Handle*>(info->socket_context), phase);
    }
}

void HttpServer::Impl::onCompleted(void* self, MHD_Connection* connection, void** exchange,
                                   MHD_RequestTerminationCode)
{
    const std::unique_ptr<ExchangePtr> owned(static_cast<ExchangePtr*>(*exchange));
    *exchange = nullptr;
    auto& server = *static_cast<Impl*>(self);
    if (owned && (*owned)->working) {
        const core::MutexLock lock(server.mutex);
        server.working.erase(*owned);
        server.answered.notify_all();
    }
    server.enter(connection, ConnectionWatch::Phase::Idle);
}

MHD_Result HttpServer::Impl::onRequest(void* self, MHD_Connection* connection, const char*,
                                       const char* method, const char* version, const char* data,
                                       size_t* size, void** exchange)
{
    auto& server = *static_cast<Impl*>(self);
    if (!*exchange) {
        return MHD_NO;
    }
    const ExchangePtr current = *static_cast<ExchangePtr*>(*exchange);
    if (!current->begun) {
        current->begun = true;
        return server.begin(current, connection, {method, version});
    }
    if (*size > 0) {
        const std::string_view piece(data, *size);
        *size = 0;
        return server.readBody(*current, piece);
    }
    return server.finish(current, connection);
}

MHD_Result HttpServer::Impl::begin(const ExchangePtr& exchange, MHD_Connection* connection, FirstLine line)
{
    Request& request = exchange->request;
    request.method = line.method;
    request.version = line.version;
    const std::string& target = exchange->rawTarget();
    const std::string_view head(line.method.data(), headerBytes(connection));
    HeaderWalk walk{
        request.headers,
        {line.method, {line.method.data() + line.method.size() + 1, target.size()}, line.version}};
    walkHeaders(connection, walk);
    if (anyAddress) {
        request.localAddress = localAddressOf(socketOf(connection));
    }
    const RawHead raw{target, head.size(), holdsOnly(head, walk.pieces)};
    Verdict verdict = admission->admit(request, raw, langOf(request));
    exchange->route = verdict.route;
    exchange->refusal = std::move(verdict.refusal);
    const bool hasBody = request.headerCount("content-length") + request.headerCount("transfer-encoding") > 0;
    if (exchange->refusal && hasBody) {
        // Answered before the body arrives; the library closes the connection then.
        return finish(exchange, connection);
    }
    return MHD_YES;
}

MHD_Result HttpServer::Impl::readBody(Exchange& exchange, std::string_view data)
{
    exchange.bodyBytes += data.size();
    if (exchange.refusal) {
        // Read over for a while, so that the client gets to read the answer; then the connection is cut.
        return exchange.bodyBytes > 2 * options.limits.body ? MHD_NO : MHD_YES;
    }
    const std::size_t keep = exchange.route->bodyLimit;
    if (exchange.bodyBytes > (keep > 0 ? keep : options.limits.body)) {
        exchange.request.body.clear();
        exchange.refusal = tooLarge(langOf(exchange.request));
    } else if (keep > 0) {
        exchange.request.body.append(data);
    }
    return MHD_YES;
}

bool HttpServer::Impl::letWork(const ExchangePtr& exchange, const core::Text*& why)
{
    const core::MutexLock lock(mutex);
    if (stopping || working.size() >= options.limits.working) {
        why = stopping ? &kStopping : &kBusy;
        return false;
    }
    working.insert(exchange);
    exchange->working = true;
    return true;
}

void HttpServer::Impl::dispatch(const ExchangePtr& exchange)
{
    const core::Text* why = nullptr;
    if (!letWork(exchange, why)) {
        exchange->answer(busy(*why, langOf(exchange->request)));
        return;
    }
    try {
        exchange->route->handler(exchange->request,
                                 [exchange](Response response) { exchange->answer(std::move(response)); });
    } catch (const std::exception&) {
        exchange->answer(errorResponse(500, "Internal Server Error"));
    }
}

MHD_Result HttpServer::Impl::finish(const ExchangePtr& exchange, MHD_Connection* connection)
{
    if (exchange->refusal) {
        refused.fetch_add(1, std::memory_order_relaxed);
        return queue(connection, *exchange->refusal);
    }
    const bool first = !exchange->working;
    if (first) {
        dispatch(exchange);
        // Before the sleep: once asleep, the answer may come at any moment.
        enter(connection, ConnectionWatch::Phase::Working);
    }
    const auto response = exchange->takeOrSleep(connection);
    return response ? queue(connection, *response) : MHD_YES;
}

MHD_Result HttpServer::Impl::queue(MHD_Connection* connection, const Response& response)
{
    const MhdResponse made = makeResponse(response);
    if (!made) {
        return MHD_NO;
    }
    requests.fetch_add(1, std::memory_order_relaxed);
    enter(connection, ConnectionWatch::Phase::Sending);
    return MHD_queue_response(connection, static_cast<unsigned>(response.status), made.get());
}

HttpServer::HttpServer(Router router, ServerOptions options)
    : m_impl(std::make_unique<Impl>(std::move(router), std::move(options)))
{
}

HttpServer::~HttpServer()
{
    stop();
}

core::Result<void> HttpServer::start()
{
    return m_impl->daemon ? core::Result<void>() : m_impl->start();
}

void HttpServer::stop()
{
    m_impl->stop();
}

bool HttpServer::running() const
{
    return m_impl->daemon != nullptr;
}

std::uint16_t HttpServer::port() const
{
    return running() ? m_impl->boundPort : std::uint16_t{0};
}

std::string HttpServer::address() const
{
    return running() ? m_impl->url : std::string();
}

ServerFigures HttpServer::figures() const
{
    ServerFigures figures;
    figures.requests = m_impl->requests.load(std::memory_order_relaxed);
    figures.refused = m_impl->refused.load(std::memory_order_relaxed);
    if (running()) {
        figures.connections = m_impl->watch->size();
        figures.closedLate = m_impl->watch->closed();
        const core::MutexLock lock(m_impl->mutex);
        figures.working = m_impl->working.size();
    }
    return figures;
}

} // namespace net
