#include "monitor/load/steps/clients.h"

namespace load::steps {

void addClients(Workers& workers, Context& context, const Clients& clients) {
    workers.add(clients.count, [&context, clients](std::stop_token stop, int index) {
        // Spread over one pause, so that they do not march in step.
        bool goesOn = sleepFor(stop, clients.pause * index / clients.count);
        while (goesOn) {
            context.request(stop, clients.tag, {clients.sql, clients.deadline});
            goesOn = sleepFor(stop, clients.pause);
        }
    });
}

} // namespace load::steps
