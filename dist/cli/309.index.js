export const id = 309;
export const ids = [309];
export const modules = {

/***/ 7309:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  askUrls: () => (/* reexport */ askUrls),
  chooseScope: () => (/* reexport */ chooseScope),
  terminalAsker: () => (/* reexport */ terminalAsker)
});

// EXTERNAL MODULE: ./build/config/connection-url.js + 1 modules
var connection_url = __webpack_require__(2103);
// EXTERNAL MODULE: ./build/config/invalid-value.js
var invalid_value = __webpack_require__(2616);
// EXTERNAL MODULE: ./build/config/quantities.js
var quantities = __webpack_require__(5698);
// EXTERNAL MODULE: ./build/report/format.js
var format = __webpack_require__(2772);
// EXTERNAL MODULE: ./build/report/names.js
var report_names = __webpack_require__(9563);
;// CONCATENATED MODULE: ./build/interactive/answers.js
/** Before the first question: everything. */
function everything({ databases }) {
    return { databases: new Set(databases.map(({ name }) => name)), partial: new Set(), tables: new Map() };
}
function tableAnswers({ tables }, database) {
    return tables.get(database) ?? none;
}
/** Up to so many databases, each one's tables are asked about at once. */
const fewDatabases = 3;
function hasMany({ databases }) {
    return databases.size > fewDatabases;
}
/** Whether its tables are in question; else all of them come. */
function isInQuestion(answers, database) {
    return answers.databases.has(database) && (!hasMany(answers) || answers.partial.has(database));
}
function withTables(answers, database, changed) {
    return { ...answers, tables: new Map([...answers.tables, [database, { ...tableAnswers(answers, database), ...changed }]]) };
}
const none = { excluded: new Set(), schemaOnly: new Set(), limited: new Set(), columns: new Map(), windows: new Map() };
/** Each table has one lot: what is left out can't be limited. */
function chosenOf({ databases }, answers) {
    return databases
        .filter(({ name }) => answers.databases.has(name))
        .map((database) => {
        const { excluded, schemaOnly, limited, columns, windows } = isInQuestion(answers, database.name)
            ? tableAnswers(answers, database.name)
            : none;
        const kept = database.tables.filter(({ oid }) => !excluded.has(oid));
        return {
            database,
            excluded: database.tables.filter(({ oid }) => excluded.has(oid)),
            schemaOnly: kept.filter(({ oid }) => schemaOnly.has(oid)),
            limited: kept
                .filter(({ oid }) => limited.has(oid) && !schemaOnly.has(oid))
                .flatMap((table) => {
                const column = columnOf(table, columns);
                const window = windows.get(table.oid);
                return column === undefined || window === undefined ? [] : [{ table, column, window }];
            }),
        };
    });
}
/** The only one needs no question. */
function columnOf({ oid, dated }, columns) {
    return columns.get(oid) ?? (dated.length === 1 ? dated[0] : undefined);
}

// EXTERNAL MODULE: ./build/scope/spell-name.js
var spell_name = __webpack_require__(925);
;// CONCATENATED MODULE: ./build/interactive/chosen-values.js

/** The answers as the flags that would have given them, to be parsed like those. What nothing was chosen for is absent. */
function chosenValues(chosen) {
    const named = (key) => chosen.flatMap((one) => one[key].map((table) => `${(0,spell_name/* spellName */.o)(one.database.name)}.${(0,spell_name/* spellTable */.x)(table)}`));
    const lists = {
        'include-databases': chosen.map(({ database }) => (0,spell_name/* spellName */.o)(database.name)),
        'exclude-tables': named('excluded'),
        'schema-only-tables': named('schemaOnly'),
        'time-filters': chosen.flatMap(({ database, limited }) => limited.map(({ table, column, window }) => [`${(0,spell_name/* spellName */.o)(database.name)}.${(0,spell_name/* spellTable */.x)(table)}`, (0,spell_name/* spellName */.o)(column), windowText(window)].join(':'))),
    };
    return Object.fromEntries(Object.entries(lists).filter(([, items]) => items.length > 0));
}
/** `6 months`. */
function windowText({ count, unit }) {
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./build/interactive/questions.js






/** All questions that the answers so far lead to, in their order: what comes before one never depends on its answer. */
function questionsOf(offer, answers) {
    const inQuestion = offer.databases.filter(({ name }) => isInQuestion(answers, name));
    return [
        aboutDatabases(offer, answers),
        ...(hasMany(answers) ? [aboutParts(offer, answers)] : []),
        ...inQuestion.flatMap((database) => aboutTables(database, answers)),
    ];
}
/** Who wants all of twenty databases needn't say so sixty times. */
function aboutParts(offer, answers) {
    const databases = offer.databases.filter(({ name }) => answers.databases.has(name));
    return {
        type: 'many',
        title: 'Databases of which only a part is wanted',
        none: 'none, all of each',
        items: databases.map(databaseItem),
        chosen: indexes(databases, ({ name }) => answers.partial.has(name)),
        refuse: () => undefined,
        answer: (chosen) => ({ ...answers, partial: new Set(databases.filter((_, index) => chosen.has(index)).map(({ name }) => name)) }),
    };
}
function aboutDatabases({ databases }, answers) {
    return {
        type: 'many',
        title: 'Databases to replicate',
        none: 'none: choose at least one',
        items: databases.map(databaseItem),
        chosen: indexes(databases, ({ name }) => answers.databases.has(name)),
        refuse: (chosen) => chosen.size === 0 ? 'Nothing is chosen, and nothing would be replicated: choose at least one database.' : undefined,
        answer: (chosen) => ({ ...answers, databases: new Set(databases.filter((_, index) => chosen.has(index)).map(({ name }) => name)) }),
    };
}
function aboutTables(database, answers) {
    const answered = tableAnswers(answers, database.name);
    const { excluded, schemaOnly, limited } = answered;
    const name = (0,report_names/* displayPart */.qI)(database.name);
    const kept = database.tables.filter(({ oid }) => !excluded.has(oid));
    const full = kept.filter(({ oid }) => !schemaOnly.has(oid));
    const tables = (key, title, none, offered) => offered.length === 0
        ? []
        : [
            {
                ...{ type: 'many', title, none },
                items: offered.map(tableItem),
                chosen: indexes(offered, ({ oid }) => answered[key].has(oid)),
                refuse: () => undefined,
                answer: (chosen) => withTables(answers, database.name, { [key]: amended(answered[key], offered, chosen) }),
            },
        ];
    return [
        ...tables('excluded', `${name}: tables to leave out`, 'none, all are replicated', database.tables),
        ...tables('schemaOnly', `${name}: tables to create without rows`, 'none', kept),
        ...tables('limited', `${name}: tables of which only the latest rows are wanted`, 'none', full.filter(({ dated }) => dated.length > 0)),
        ...full.filter(({ oid }) => limited.has(oid)).flatMap((table) => aboutWindow(database, table, answers)),
    ];
}
/** What isn't in question now keeps its answer. */
function amended(before, offered, chosen) {
    const others = [...before].filter((oid) => !offered.some((table) => table.oid === oid));
    return new Set([...others, ...offered.filter((_, index) => chosen.has(index)).map(({ oid }) => oid)]);
}
function aboutWindow({ name }, table, answers) {
    const { columns, windows } = tableAnswers(answers, name);
    const { oid, dated } = table;
    const title = `${(0,report_names/* displayPart */.qI)(name)}: ${(0,report_names/* displayName */.QC)(table)}`;
    const window = windows.get(oid);
    const column = {
        type: 'one',
        title: `${title}: the column that tells a row's time`,
        items: dated.map((one) => ({ name: (0,report_names/* displayPart */.qI)(one), details: [] })),
        chosen: Math.max(0, dated.indexOf(columns.get(oid) ?? '')),
        answer: (index) => withTables(answers, name, { columns: new Map([...columns, [oid, dated[index] ?? '']]) }),
    };
    const age = {
        type: 'text',
        title: `${title}: how far back`,
        hint: 'like 6 months, 90 days, 1 year',
        initial: window === undefined ? '' : windowText(window),
        refuse: refusalOf(quantities/* parseTimeWindow */.DJ),
        answer: (text) => withTables(answers, name, { windows: new Map([...windows, [oid, (0,quantities/* parseTimeWindow */.DJ)(text)]]) }),
    };
    return dated.length > 1 ? [column, age] : [age];
}
/** What a parser has against a text, in its own words. */
function refusalOf(parse) {
    return (text) => {
        try {
            parse(text);
            return undefined;
        }
        catch (error) {
            if (!(error instanceof invalid_value/* InvalidValue */.h))
                throw error;
            return [error.message, error.hint].filter((one) => one !== undefined).join('. ');
        }
    };
}
function databaseItem({ name, bytes, tables }) {
    return { name: (0,report_names/* displayPart */.qI)(name), details: [(0,format/* formatBytes */.z3)(bytes), (0,format/* plural */.LS)(tables.length, 'table')] };
}
function tableItem({ schema, name, bytes, rows }) {
    return { name: (0,report_names/* displayName */.QC)({ schema, name }), details: [(0,format/* formatBytes */.z3)(bytes), `${(0,format/* formatEstimate */.eG)(rows)} rows`] };
}
function indexes(items, isChosen) {
    return new Set(items.flatMap((item, index) => (isChosen(item) ? [index] : [])));
}

;// CONCATENATED MODULE: ./build/interactive/ask-urls.js


/** Connection URLs that were given neither by flag nor in the environment: typed unseen, and kept as the environment's. */
async function askUrls(given, asker) {
    const missing = ['source', 'target'].filter((side) => given.values[side] === undefined && (given.environment[side] ?? '').trim() === '');
    let environment = given.environment;
    for (let at = 0; at < missing.length;) {
        const side = missing[at] ?? 'source';
        const url = await asker.text({
            title: `Connection URL of the ${side}`,
            hint: 'like postgresql://user:password@host:5432/database; it stays hidden',
            initial: '',
            hidden: true,
            refuse: refusalOf((text) => (0,connection_url/* parseConnectionUrl */.z)(text, { user: given.account })),
        });
        if (url !== undefined)
            environment = { ...environment, [side]: url.trim() };
        at = url === undefined ? Math.max(0, at - 1) : at + 1;
    }
    return { ...given, environment };
}

// EXTERNAL MODULE: ./build/config/parse.js + 16 modules
var parse = __webpack_require__(7123);
// EXTERNAL MODULE: ./build/engine/observe/observe.js + 36 modules
var observe = __webpack_require__(9455);
// EXTERNAL MODULE: ./build/pg/catalog/clock.js
var clock = __webpack_require__(8758);
// EXTERNAL MODULE: ./build/engine/observe/observe-filters.js + 19 modules
var observe_filters = __webpack_require__(867);
// EXTERNAL MODULE: ./build/engine/observe/open-observer.js
var open_observer = __webpack_require__(2449);
;// CONCATENATED MODULE: ./build/engine/observe/observe-scope.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});



/** The same two servers under another scope: what was observed of all their databases stays, only what depends on the scope is read. */
async function observeScope(config, observed, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const session = __addDisposableResource(env_1, await (0,open_observer/* openObserver */.d)(config.source, config.source.database, signal), true);
        const moment = { systemIdentifier: observed.source.systemIdentifier, now: await (0,clock/* readNow */.D)(session) };
        return { ...observed, databases: await (0,observe_filters/* observeFilters */.G)(config, observed.databases, moment, signal) };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

// EXTERNAL MODULE: ./build/engine/observe/probe.js + 1 modules
var probe = __webpack_require__(9773);
// EXTERNAL MODULE: ./build/plan/make-plan.js + 81 modules
var make_plan = __webpack_require__(8512);
// EXTERNAL MODULE: ./build/version.js
var version = __webpack_require__(8508);
;// CONCATENATED MODULE: ./build/interactive/config-text.js



/** The answers as a config file: read again, it means the same. */
function configText(chosen) {
    const databases = chosen.map(({ database }) => (0,spell_name/* spellName */.o)(database.name));
    return [
        `# What ${version/* toolName */.U} replicates, as chosen on a terminal. Used with --config, or as the input config of the action.`,
        '# Connection URLs and passwords never stand here: they are taken from SEREN_SOURCE_URL and SEREN_TARGET_URL.',
        '',
        ...list('include_databases', databases),
        ...chosen.flatMap(section),
        '',
    ].join('\n');
}
function section({ database, excluded, schemaOnly, limited }) {
    const path = `databases.${key(database.name)}`;
    const lists = [
        ...(excluded.length === 0 ? [] : ['# Left out, structure and rows.', ...list('exclude_tables', excluded.map(spell_name/* spellTable */.x))]),
        ...(schemaOnly.length === 0 ? [] : ['# Structure without rows.', ...list('schema_only', schemaOnly.map(spell_name/* spellTable */.x))]),
    ];
    return [
        ...(lists.length === 0 ? [] : ['', `[${path}]`, ...lists]),
        ...limited.flatMap(({ table, column, window }) => [
            '',
            `[[${path}.time_filters]]`,
            `table = ${quoted((0,spell_name/* spellTable */.x)(table))}`,
            `column = ${quoted((0,spell_name/* spellName */.o)(column))}`,
            `last = ${quoted(windowText(window))}`,
        ]),
    ];
}
function list(name, items) {
    return [`${name} = [`, ...items.map((item) => `  ${quoted(item)},`), ']'];
}
function key(name) {
    return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}
/** https://toml.io/en/v1.0.0#string: as in JSON, but that DEL is a control character too; and none of what could drive a terminal. */
function quoted(text) {
    return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/g, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

// EXTERNAL MODULE: ./build/config/schema.js
var schema = __webpack_require__(7096);
;// CONCATENATED MODULE: ./build/interactive/shell-word.js
/** A word for POSIX shells. What must not reach a terminal as it is goes in bash's and zsh's `$'…'`. */
function shellWord(text) {
    if (/^[\w.,:/@%+-]+$/.test(text))
        return text;
    if (!unprintable.test(text))
        return `'${text.replaceAll("'", `'\\''`)}'`;
    const quoted = text.replaceAll(/[\\']/g, String.raw `\$&`).replaceAll(new RegExp(unprintable, 'gu'), escaped);
    return `$'${quoted}'`;
}
/** As in report/names.ts: control characters, and those that reorder text. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u;
/** Always four digits: a digit that follows isn't taken for one more. */
function escaped(char) {
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

;// CONCATENATED MODULE: ./build/interactive/equivalent-command.js



/** The command line that asks nothing and does the same; one line each. URLs, which hold passwords, by their variables alone. */
function equivalentCommand(command, values) {
    const flags = schema/* inputNames */.vj.flatMap((name) => {
        const value = values[name];
        if (value === undefined || value === false)
            return [];
        if (name === 'source' || name === 'target')
            return [`--${name} "$SEREN_${name.toUpperCase()}_URL"`];
        if (value === true || (0,schema/* inputNamed */.o5)(name).kind === 'flag')
            return [`--${name}`];
        return [value].flat().map((one) => `--${name} ${shellWord(one)}`);
    });
    const lines = [`${version/* toolName */.U} ${command}`, ...flags.map((flag) => `  ${flag}`)];
    return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`));
}

;// CONCATENATED MODULE: ./build/interactive/flow.js

/** Asks from the given question on to the last, back and forth; where there's no way back, says so. */
async function askAll(offer, answers, asker, from = 'first') {
    let current = answers;
    let at = from === 'first' ? 0 : questionsOf(offer, answers).length - 1;
    for (;;) {
        const question = questionsOf(offer, current)[at];
        if (question === undefined)
            return current;
        const changed = await ask(question, asker);
        if (changed !== undefined) {
            current = changed;
            at += 1;
        }
        else if (at > 0)
            at -= 1;
        else
            asker.say(['This is the first question: ctrl-c leaves.']);
    }
}
/** Undefined: back. */
async function ask(question, asker) {
    switch (question.type) {
        case 'many': {
            const chosen = await asker.many(question);
            return chosen === undefined ? undefined : question.answer(chosen);
        }
        case 'one': {
            const index = await asker.one(question);
            return index === undefined ? undefined : question.answer(index);
        }
        case 'text': {
            const text = await asker.text(question);
            return text === undefined ? undefined : question.answer(text);
        }
    }
}

// EXTERNAL MODULE: ./build/plan/parts.js
var parts = __webpack_require__(320);
// EXTERNAL MODULE: ./build/plan/wholes.js
var plan_wholes = __webpack_require__(2080);
// EXTERNAL MODULE: ./build/scope/group-by.js
var group_by = __webpack_require__(7332);
// EXTERNAL MODULE: ./build/scope/predicate.js
var predicate = __webpack_require__(9014);
;// CONCATENATED MODULE: ./build/interactive/is-writable.js
/** Items of a list are lines: a name that holds a line break can't be one. And `__proto__` is no key to JavaScript. */
function isWritable(name) {
    return !name.includes('\n') && name !== '__proto__';
}

;// CONCATENATED MODULE: ./build/interactive/offer.js





/** From the plan of everything: a partitioned table stands for its partitions and has their size. */
function offerOf(observed, everything) {
    const withheld = [];
    const databases = everything.databases.flatMap((database) => {
        if (!isWritable(database.name)) {
            withheld.push(database.name);
            return [];
        }
        const catalog = observed.databases.find(({ source }) => source.name === database.name)?.catalog;
        const relations = new Map(catalog?.relations.map((relation) => [relation.oid, relation]));
        const tables = withParts(database.tables).flatMap((table) => offeredTable(table, relations.get(table.oid)));
        const [writable, unwritable] = [tables.filter(hasWritableNames), tables.filter((table) => !hasWritableNames(table))];
        withheld.push(...unwritable.map(({ schema, name }) => `${database.name}.${schema}.${name}`));
        const bytes = database.source.bytes ?? tables.reduce((sum, table) => sum + table.bytes, 0n);
        return [{ name: database.name, bytes, tables: writable.sort(largestFirst) }];
    });
    return { databases, withheld };
}
/** A hypertable has the size of its chunks. */
function withParts(tables) {
    const wholes = (0,plan_wholes/* wholesOf */.G)(tables);
    const parts = (0,group_by/* groupBy */.$)(tables, ({ oid }) => wholes.get(oid));
    return tables.map((table) => {
        const sum = (key) => (parts.get(table.oid) ?? [table]).reduce((total, one) => total + one[key], 0n);
        return { ...table, estimatedRows: sum('estimatedRows'), heapBytes: sum('heapBytes'), toastBytes: sum('toastBytes') };
    });
}
/** Partitions are chosen with the table that they're partitions of, what an extension brought comes with that. */
function offeredTable(table, relation) {
    if (relation === undefined || relation.isPartition || relation.partOf !== null || table.extension !== null)
        return [];
    const { oid, schema, name, kind, estimatedRows: rows } = table;
    const dated = kind === 'table' || kind === 'partitioned' ? (0,predicate/* datedColumns */.w4)(relation.columns) : [];
    return [{ oid, schema, name, rows, bytes: (0,parts/* tableBytes */.gm)(table), dated: dated.filter(isWritable) }];
}
function hasWritableNames({ schema, name }) {
    return isWritable(schema) && isWritable(name);
}
function largestFirst(a, b) {
    if (a.bytes !== b.bytes)
        return a.bytes > b.bytes ? -1 : 1;
    return `${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1;
}

// EXTERNAL MODULE: ./build/report/width.js + 4 modules
var report_width = __webpack_require__(2388);
;// CONCATENATED MODULE: ./build/interactive/prompts/search-list.js
/** Indexes of the names that hold every word of the query, in upper or lower case. */
function matching(names, query) {
    const words = query.toLowerCase().split(/\s+/);
    return names.flatMap((name, index) => (words.every((word) => name.toLowerCase().includes(word)) ? [index] : []));
}
/** `page`: how many are on the screen. */
function pressed(list, press, names, page) {
    const found = matching(names, list.query);
    const move = (to) => ({ ...list, at: Math.max(0, Math.min(found.length - 1, to)) });
    const search = (query) => ({ ...list, query, at: 0 });
    const active = found[list.at];
    if (press.ctrl) {
        if (press.name === 'a')
            return { ...list, chosen: toggledAll(list.chosen, found) };
        return press.name === 'u' ? search('') : list;
    }
    switch (press.name) {
        case 'up':
            return list.at === 0 ? move(found.length - 1) : move(list.at - 1);
        case 'down':
            return list.at === found.length - 1 ? move(0) : move(list.at + 1);
        case 'pageup':
            return move(list.at - page);
        case 'pagedown':
            return move(list.at + page);
        case 'home':
            return move(0);
        case 'end':
            return move(found.length - 1);
        case 'space':
        case 'tab':
            return active === undefined ? list : { ...list, chosen: toggled(list.chosen, active) };
        case 'backspace':
            return search([...list.query].slice(0, -1).join(''));
        default: {
            const text = press.typed.replaceAll(/\p{C}/gu, '');
            return text === '' ? list : search(list.query + text);
        }
    }
}
/** The part of a long list that is shown, with the active one in it. */
function visible(count, at, room) {
    const from = Math.max(0, Math.min(at - Math.floor(room / 2), count - room));
    return [from, Math.min(count, from + room)];
}
function toggled(chosen, index) {
    const changed = new Set(chosen);
    if (!changed.delete(index))
        changed.add(index);
    return changed;
}
/** All that match; if they all are already, none of them. */
function toggledAll(chosen, found) {
    const changed = new Set(chosen);
    const all = found.every((index) => chosen.has(index));
    for (const index of found)
        all ? changed.delete(index) : changed.add(index);
    return changed;
}

;// CONCATENATED MODULE: ./build/interactive/prompts/layout.js


/** The last column stays empty: a terminal would begin a line of its own after it. */
function widthIn({ columns }) {
    return Math.max(10, columns - 1);
}
/** How many items there's room for beside the other lines; a long list is no easier to read. */
function roomIn({ rows }, otherLines) {
    return Math.max(1, Math.min(15, rows - otherLines - 1));
}
/** Of a name, what must be seen before sizes are. */
const leastName = 20;
/** The part of a list around the active item: names to the left, details to the right of the widest. */
function itemLines(items, at, { room, width, styles }) {
    const [from, to] = visible(items.length, at, room);
    // As wide as of all, so that nothing jumps while it's scrolled.
    const widths = (items[0]?.details ?? []).map((_, column) => Math.max(...items.map(({ details }) => (0,report_width/* widthOf */.qz)(details[column] ?? ''))));
    const detailWidth = widths.reduce((sum, one) => sum + one + 2, 0);
    const widest = Math.max(...items.map(({ name }) => (0,report_width/* widthOf */.qz)(name)));
    const detailed = width - detailWidth - 4 >= Math.min(widest, leastName);
    const nameWidth = Math.min(widest, width - 4 - (detailed ? detailWidth : 0));
    return items.slice(from, to).map(({ mark, name, details }, index) => {
        const active = from + index === at;
        const fitting = (0,report_width/* cut */.Jj)(name, nameWidth);
        const shown = details.length > 0 && detailed ? (0,report_width/* padEnd */.f)(fitting, nameWidth) : fitting;
        const right = details.map((detail, column) => `  ${(0,report_width/* padStart */.CF)(detail, widths[column] ?? 0)}`).join('');
        const coloured = active ? styles.cyan(shown) : shown;
        return `${active ? styles.cyan('❯') : ' '} ${mark} ${coloured}${detailed ? styles.dim(right) : ''}`;
    });
}
/** Where lines are few, only what one can't guess. */
function helpLines({ long, short }, size) {
    return wrapped(size.rows < 16 ? short : long, ' · ', widthIn(size));
}
/** Words in as many lines as it takes; one that is too long is cut. */
function wrapped(words, between, width) {
    const lines = [];
    for (const word of words.map((one) => (0,report_width/* cut */.Jj)(one, width))) {
        const last = lines.at(-1);
        const longer = last === undefined ? word : `${last}${between}${word}`;
        if (last !== undefined && (0,report_width/* widthOf */.qz)(longer) <= width)
            lines[lines.length - 1] = longer;
        else
            lines.push(word);
    }
    return lines;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 11 modules
var schemas = __webpack_require__(2857);
;// CONCATENATED MODULE: ./build/interactive/remember.js


/** The answers to begin with: those that an earlier copy was made with, for who goes on with it; else everything. */
function remember(offer, observed, command) {
    const found = offer.databases.flatMap((database) => {
        const ledger = ledgerOf(database, observed);
        return ledger?.scope == null ? [] : [{ database, ...tablesOf(database, ledger.scope) }];
    });
    const all = everything(offer);
    // What was never copied can't be followed.
    const followed = command === 'sync' && found.length > 0;
    return {
        answers: {
            databases: followed ? new Set(found.map(({ database }) => database.name)) : all.databases,
            partial: new Set(found.filter(({ answers }) => isPart(answers)).map(({ database }) => database.name)),
            tables: new Map(found.map(({ database, answers }) => [database.name, answers])),
        },
        conditions: found.flatMap(({ database, conditions }) => conditions.map((table) => [database, table])),
    };
}
function ledgerOf({ name }, { source, databases }) {
    const pair = databases.find((one) => one.source.name === name);
    const ledger = pair?.target?.content?.ledger;
    const isOurs = ledger?.sourceSystemIdentifier === source.systemIdentifier && ledger.sourceDatabaseOid === pair?.source.oid;
    return isOurs ? ledger : undefined;
}
/** As plan/digest.ts writes it. */
const timeCondition = schemas/* tuple */.PVZ([schemas/* string */.YjP(), schemas/* number */.aig(), schemas/* enum */.k5n(['second', 'minute', 'hour', 'day', 'week', 'month', 'year'])]);
function tablesOf({ tables }, scope) {
    const then = new Map(scope.map((one) => [JSON.stringify([one.schema, one.name]), one]));
    const seen = tables.flatMap((table) => {
        const before = then.get(JSON.stringify([table.schema, table.name]));
        return before === undefined ? [] : [{ table, rule: before.rule, limits: before.conditions.map(limitOf) }];
    });
    const oids = (rule) => new Set(seen.filter((one) => one.rule === rule).map(({ table }) => table.oid));
    const limited = seen.flatMap(({ table, rule, limits: [limit, ...more] }) => rule === 'filtered' && limit !== undefined && more.length === 0 && table.dated.includes(limit.column) ? [{ table, ...limit }] : []);
    return {
        answers: {
            excluded: oids('excluded'),
            schemaOnly: oids('schema-only'),
            limited: new Set(limited.map(({ table }) => table.oid)),
            columns: new Map(limited.map(({ table, column }) => [table.oid, column])),
            windows: new Map(limited.map(({ table, window }) => [table.oid, window])),
        },
        conditions: seen
            .filter(({ table, rule }) => rule === 'filtered' && !limited.some((one) => one.table === table))
            .map(({ table }) => table),
    };
}
function isPart({ excluded, schemaOnly, limited }) {
    return excluded.size + schemaOnly.size + limited.size > 0;
}
function limitOf(condition) {
    const parsed = timeCondition.safeParse(JSON.parse(condition));
    if (!parsed.success)
        return undefined;
    const [column, count, unit] = parsed.data;
    return { column, window: { count, unit } };
}

// EXTERNAL MODULE: ./build/report/failure.js
var failure = __webpack_require__(897);
;// CONCATENATED MODULE: ./build/interactive/summary.js





/** What the choice comes to, by the plan's own numbers. */
function summaryLines(plan, chosen, styles, width) {
    const databases = plan.databases.flatMap((database) => {
        const choice = chosen.find((one) => one.database.name === database.name);
        return choice === undefined ? [] : databaseLines(database, choice);
    });
    const { problems, warnings } = plan;
    const found = problems.slice(0, mostProblems).flatMap((one) => (0,failure/* failureLines */.w)(one, styles));
    const more = problems.length - mostProblems;
    return [
        '',
        styles.bold('What is replicated'),
        ...databases.map((line) => (0,report_width/* cut */.Jj)(line, width)),
        `  ${styles.bold(totalWords(plan))}`,
        ...found,
        ...(more > 0 ? [styles.dim(`  and ${(0,format/* plural */.LS)(more, 'more problem')}`)] : []),
        ...(warnings.length === 0 ? [] : [styles.dim(`  ${(0,format/* plural */.LS)(warnings.length, 'warning')}, told in the result`)]),
    ];
}
const mostProblems = 5;
function databaseLines(plan, { excluded, schemaOnly, limited }) {
    const names = (tables) => tables.map(report_names/* displayName */.QC).join(', ');
    return [
        `  ${(0,report_names/* displayPart */.qI)(plan.name)}, ${actions[plan.action]}: ${sizeWords([plan])}`,
        ...(excluded.length === 0 ? [] : [`    left out: ${names(excluded)}`]),
        ...(schemaOnly.length === 0 ? [] : [`    without rows: ${names(schemaOnly)}`]),
        ...limited.map(({ table, column, window }) => `    ${(0,report_names/* displayName */.QC)(table)}: rows whose ${(0,report_names/* displayPart */.qI)(column)} is in the last ${windowText(window)}`),
    ];
}
const actions = {
    create: 'created on the target',
    fill: 'into the empty database of that name',
    resume: 'going on where an earlier run ended',
    complete: 'copied already',
    recreate: 'dropped on the target and made anew',
};
function totalWords(plan) {
    const time = plan.estimatedSeconds === null ? '' : `, about ${(0,format/* formatRoughDuration */.PS)(plan.estimatedSeconds)}`;
    return `${(0,format/* plural */.LS)(plan.databases.length, 'database')}, ${sizeWords(plan.databases)}${time}`;
}
function sizeWords(databases) {
    const tables = databases.flatMap((one) => one.tables).filter(({ rule }) => rule === 'copy' || rule === 'filtered');
    const rows = tables.reduce((sum, table) => sum + table.estimatedRows, 0n);
    const bytes = tables.reduce((sum, table) => sum + table.heapBytes + table.toastBytes, 0n);
    return `${(0,format/* plural */.LS)(tables.length, 'table')}, about ${(0,format/* formatEstimate */.eG)(rows)} rows, ${(0,format/* formatBytes */.z3)(bytes)}`;
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/interactive/write-file.js



const usualName = 'seren.toml';
/** Asks for a name and writes the file; what is there stays unless told otherwise. The name, or undefined: thought better of it. */
async function writeConfigFile(text, folder, asker) {
    let initial = usualName;
    for (;;) {
        const name = (await asker.text({
            title: 'Name of the config file',
            hint: 'from the working folder',
            initial,
            refuse: (given) => (given.trim() === '' ? 'A name is needed.' : undefined),
        }))?.trim();
        if (name === undefined)
            return undefined;
        initial = name;
        const path = (0,external_node_path_.resolve)(folder, name);
        const refusal = await attempt(path, text, 'wx');
        if (refusal === undefined)
            return name;
        if (refusal === 'EEXIST') {
            const again = { name: 'No, another name', details: [] };
            const over = { name: 'Yes, its content is lost', details: [] };
            const answer = await asker.one({ title: `${(0,report_names/* printable */.g$)(name)} exists. Write over it?`, items: [again, over], chosen: 0 });
            if (answer !== 1)
                continue;
            const failure = await attempt(path, text, 'w');
            if (failure === undefined)
                return name;
            asker.say([`${(0,report_names/* printable */.g$)(name)} can't be written (${failure}).`]);
        }
        else
            asker.say([`${(0,report_names/* printable */.g$)(name)} can't be written (${refusal}).`]);
    }
}
/** The code of what was in the way. */
async function attempt(path, text, flag) {
    try {
        await (0,promises_.writeFile)(path, text, { flag });
        return undefined;
    }
    catch (error) {
        return error.code ?? String(error);
    }
}

;// CONCATENATED MODULE: ./build/interactive/choose-scope.js
















/** Looks at both servers once, asks what of them is wanted until it's confirmed, and parses the answers as flags. */
async function chooseScope(config, asking) {
    const { given, asker, terminal, ending } = asking;
    const { styles } = terminal.output;
    asker.say([`${styles.bold('Reading both servers …')} Then come questions; esc goes back to the one before, ctrl-c leaves.`]);
    // A look for the questions' sake: what replication needs besides is looked at by the command itself.
    const look = { ...config, command: 'plan', snapshotOnly: true };
    const observed = await (0,observe/* observe */.l)(look, () => { }, ending.signal);
    const offer = offerOf(observed, (0,make_plan/* makePlan */.C)(look, observed));
    if (offer.withheld.length > 0)
        asker.say([`Not in question, as a file of rules can't spell these names: ${offer.withheld.map(report_names/* printable */.g$).join(', ')}.`]);
    if (offer.databases.length === 0)
        return (0,parse/* parseConfig */.o)(given, undefined);
    const { answers: first, conditions } = remember(offer, observed, config.command);
    if (conditions.length > 0)
        asker.say([beyondQuestions(conditions)]);
    let answers = await askAll(offer, first, asker);
    let measured;
    for (;;) {
        const chosen = chosenOf(offer, answers);
        const parsed = (0,parse/* parseConfig */.o)({ ...given, values: { ...given.values, ...chosenValues(chosen) } }, undefined);
        if (parsed.config === undefined)
            return parsed;
        const considered = { ...parsed.config, command: look.command, snapshotOnly: true };
        const seen = await observeScope(considered, observed, ending.signal);
        if (measured === undefined)
            asker.say([styles.dim('Measuring how fast it would be …')]);
        measured ??= await (0,probe/* probe */.d)(considered, seen, ending.signal);
        const { plan, redo } = reviewed(config.command, considered, { ...seen, probe: measured });
        asker.say(summaryLines(plan, chosen, styles, widthIn(terminal.size())));
        const options = { ...given.values, ...(redo ? { yes: true } : {}) };
        const values = { ...options, ...chosenValues(chosen) };
        asker.say(['', styles.bold('The same without questions'), ...equivalentCommand(given.command, values)]);
        if (await confirmed(chosen, options, redo, asking))
            return (0,parse/* parseConfig */.o)({ ...given, values }, undefined);
        answers = await askAll(offer, answers, asker, 'last');
    }
}
function beyondQuestions(conditions) {
    const names = conditions.map(([{ name }, table]) => `${(0,report_names/* displayPart */.qI)(name)}.${(0,report_names/* displayName */.QC)(table)}`);
    return `An earlier run chose rows of ${names.join(', ')} by conditions that aren't asked for here: to go on with it, leave, and give its options.`;
}
/** What an unfinished copy of another scope holds and this one doesn't want is only redone with a yes, which then is asked for. */
function reviewed(command, config, observed) {
    const plan = (0,make_plan/* makePlan */.C)(config, observed);
    const changed = plan.problems.filter(({ code }) => code === 'scope-changed');
    if (changed.length === 0 || config.yes || (command !== 'init' && command !== 'replicate'))
        return { plan, redo: false };
    const agreed = (0,make_plan/* makePlan */.C)({ ...config, yes: true }, observed);
    const helps = !agreed.problems.some(({ code }) => code === 'scope-changed');
    return helps ? { plan: { ...agreed, problems: [...changed, ...agreed.problems] }, redo: true } : { plan, redo: false };
}
/** False: back to the questions. */
async function confirmed(chosen, options, redo, { given, asker, terminal, ending, folder }) {
    const { styles } = terminal.output;
    const items = [
        `Go on: ${given.command} this${redo ? ', and drop and copy anew what is told above' : ''}`,
        'Write this choice to a config file',
        '← Back to the questions',
        'Leave, nothing was changed',
    ];
    for (;;) {
        asker.say(['']);
        const answer = await asker.one({ title: 'Is this right?', items: items.map((name) => ({ name, details: [] })), chosen: redo ? 2 : 0 });
        if (answer === 0)
            return true;
        if (answer === 3)
            ending.leave();
        ending.signal.throwIfAborted();
        if (answer !== 1)
            return false;
        const config = await writeConfigFile(configText(chosen), folder, asker);
        if (config === undefined)
            continue;
        asker.say([
            `${styles.green('✓')} ${(0,report_names/* printable */.g$)(config)} is written. With it:`,
            ...equivalentCommand(given.command, { ...options, config }),
        ]);
    }
}

// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/errors.js
var errors = __webpack_require__(5836);
// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/create-prompt.js + 10 modules
var create_prompt = __webpack_require__(9309);
// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/use-state.js
var use_state = __webpack_require__(1348);
// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/use-keypress.js + 1 modules
var use_keypress = __webpack_require__(1519);
// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/key.js
var lib_key = __webpack_require__(348);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(481);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: ./node_modules/@inquirer/core/dist/lib/use-effect.js
var use_effect = __webpack_require__(2068);
;// CONCATENATED MODULE: ./build/interactive/prompts/screen.js



/** What the prompts' library wants to write to. */
function writableTo({ output, size }) {
    const stream = new external_node_stream_.Writable({
        write(chunk, _encoding, done) {
            output.write(chunk.toString());
            done();
        },
    });
    return Object.defineProperty(stream, 'columns', { get: () => size().columns });
}
/** Node waits half a second to see whether Esc begins a sequence, unless the first to read keys has asked for less. */
function hastenEscape(input) {
    (0,external_node_readline_.createInterface)({ input, terminal: true, escapeCodeTimeout: 50 }).close();
}
/** Draws anew on an empty screen: a terminal may have wrapped what stood there in its own way. */
function useSize({ size, output, onResize }) {
    const [current, setCurrent] = (0,use_state/* useState */.J)(size);
    (0,use_effect/* useEffect */.v)(() => onResize(() => {
        output.write('\x1b[2J\x1b[H');
        setCurrent(size());
    }), []);
    return current;
}
/** Ctrl-D and a terminal that is gone: nobody is left to answer. */
function useEnd(leave) {
    (0,use_effect/* useEffect */.v)((keys) => {
        keys.on('close', leave);
        return () => keys.removeListener('close', leave);
    }, []);
}

;// CONCATENATED MODULE: ./build/interactive/prompts/ask-text.js



const help = {
    long: ['enter goes on', 'esc goes back', 'ctrl-c leaves'],
    short: ['enter', 'esc: back', 'ctrl-c leaves'],
};
/** A line of text, checked before it's taken. */
const askText = (0,create_prompt/* createPrompt */.H)((config, done) => {
    const { title, hint, initial, hidden = false, refuse, terminal } = config;
    const { styles } = terminal.output;
    const size = useSize(terminal);
    const [text, setText] = (0,use_state/* useState */.J)(initial);
    const [refusal, setRefusal] = (0,use_state/* useState */.J)();
    useEnd(() => done({ kind: 'leave' }));
    const width = widthIn(size);
    (0,use_keypress/* useKeypress */.o)((key, keys) => {
        // The line is kept here: readline's own would move the cursor by what a secret doesn't show.
        const typed = keys.line.replaceAll(/\p{C}/gu, '');
        keys.clearLine(0);
        if (key.name === 'escape')
            return done({ kind: 'back' });
        if ((0,lib_key/* isEnterKey */.Ci)(key)) {
            const refused = refuse(text);
            if (refused === undefined)
                return done({ kind: 'answer', value: text });
            if (hidden)
                setText('');
            return setRefusal(refused);
        }
        setRefusal(undefined);
        setText(key.name === 'backspace' ? [...text].slice(0, -1).join('') : key.ctrl && key.name === 'u' ? '' : text + typed);
    });
    const below = [
        ...(refusal === undefined ? [] : wrapped(refusal.split(' '), ' ', width).map(styles.red)),
        ...helpLines(help, size).map(styles.dim),
    ];
    const shown = hidden ? (text === '' ? '' : '(hidden)') : text;
    return [
        [...wrapped([title, hint], ' · ', width).map(styles.bold), `  ${styles.cyan('❯')} ${endOf(shown, width - 5)}`].join('\n'),
        below.join('\n'),
    ];
});
/** Where it's typed is at its end. */
function endOf(text, width) {
    const characters = [...text];
    return characters.length <= width ? text : `…${characters.slice(1 - width).join('')}`;
}

;// CONCATENATED MODULE: ./build/interactive/prompts/choose-many.js






const choose_many_help = {
    long: ['↑↓ move', 'space chooses', 'type to search', 'ctrl-a all that match', 'enter goes on', 'esc goes back', 'ctrl-c leaves'],
    short: ['space chooses', 'enter', 'esc: back', 'ctrl-c leaves'],
};
/** Any number of a list, which is searched by typing. */
const chooseMany = (0,create_prompt/* createPrompt */.H)((config, done) => {
    const { title, none, items, refuse, terminal } = config;
    const { styles } = terminal.output;
    const names = items.map(({ name }) => name);
    const size = useSize(terminal);
    const [list, setList] = (0,use_state/* useState */.J)({ query: '', at: 0, chosen: config.chosen });
    const [refusal, setRefusal] = (0,use_state/* useState */.J)();
    useEnd(() => done({ kind: 'leave' }));
    const width = widthIn(size);
    const found = matching(names, list.query);
    const count = list.chosen.size === 0 ? none : `${(0,format/* formatCount */.B4)(list.chosen.size)} of ${(0,format/* formatCount */.B4)(items.length)} chosen`;
    const above = wrapped([title, count], ' · ', width);
    const below = [
        ...(refusal === undefined ? [] : wrapped(refusal.split(' '), ' ', width).map(styles.red)),
        ...helpLines(choose_many_help, size).map(styles.dim),
    ];
    const room = roomIn(size, above.length + 1 + below.length);
    (0,use_keypress/* useKeypress */.o)((key, keys) => {
        const typed = keys.line;
        keys.clearLine(0);
        if (key.name === 'escape') {
            if (list.query === '')
                done({ kind: 'back' });
            else
                setList({ ...list, query: '', at: 0 });
        }
        else if ((0,lib_key/* isEnterKey */.Ci)(key)) {
            const refused = refuse(list.chosen);
            if (refused === undefined)
                done({ kind: 'answer', value: list.chosen });
            else
                setRefusal(refused);
        }
        else {
            setRefusal(undefined);
            setList(pressed(list, { name: key.name, ctrl: key.ctrl, typed }, names, room));
        }
    });
    const shown = found.flatMap((index) => {
        const item = items[index];
        return item === undefined ? [] : [{ ...item, mark: list.chosen.has(index) ? styles.green('◉') : '◯' }];
    });
    const search = `${found.length === 0 ? 'nothing matches' : `${(0,format/* formatCount */.B4)(found.length)} listed`} · search: `;
    return [
        [...above.map(styles.bold), `  ${styles.dim(search)}${(0,report_width/* cut */.Jj)(list.query, width - search.length - 3)}`].join('\n'),
        [...itemLines(shown, list.at, { room, width, styles }), ...below].join('\n'),
    ];
});

;// CONCATENATED MODULE: ./build/interactive/prompts/choose-one.js




const choose_one_help = {
    long: ['↑↓ move', 'enter chooses', 'esc goes back', 'ctrl-c leaves'],
    short: ['enter', 'esc: back', 'ctrl-c leaves'],
};
/** One of a few. */
const chooseOne = (0,create_prompt/* createPrompt */.H)((config, done) => {
    const { title, items, terminal } = config;
    const { styles } = terminal.output;
    const size = useSize(terminal);
    const [at, setAt] = (0,use_state/* useState */.J)(config.chosen);
    useEnd(() => done({ kind: 'leave' }));
    const width = widthIn(size);
    const above = wrapped([title], ' ', width);
    const below = helpLines(choose_one_help, size).map(styles.dim);
    const room = roomIn(size, above.length + below.length);
    (0,use_keypress/* useKeypress */.o)((key, keys) => {
        keys.clearLine(0);
        if (key.name === 'escape')
            done({ kind: 'back' });
        else if ((0,lib_key/* isEnterKey */.Ci)(key))
            done({ kind: 'answer', value: at });
        else {
            const press = { name: key.name, ctrl: key.ctrl, typed: '' };
            setAt(pressed({ query: '', at, chosen: new Set() }, press, items.map(({ name }) => name), room).at);
        }
    });
    const shown = items.map((item, index) => ({ ...item, mark: index === at ? styles.cyan('●') : '○' }));
    return [above.map(styles.bold).join('\n'), [...itemLines(shown, at, { room, width, styles }), ...below].join('\n')];
});

;// CONCATENATED MODULE: ./build/interactive/prompts/asker.js







function terminalAsker(terminal, { signal, leave }) {
    const { output, input } = terminal;
    hastenEscape(input);
    // A prompt ends what it writes to: each has its own.
    const context = () => ({ input, output: writableTo(terminal), clearPromptOnDone: true, signal });
    const say = (lines) => output.write(lines.map((line) => `${line}\n`).join(''));
    const settle = async (asked, title, words) => {
        const reply = await asked.catch((error) => {
            signal.throwIfAborted();
            if (error instanceof errors/* ExitPromptError */.hJ)
                return { kind: 'leave' };
            throw error;
        });
        if (reply.kind === 'leave')
            leave();
        signal.throwIfAborted();
        if (reply.kind !== 'answer')
            return undefined;
        const width = widthIn(terminal.size());
        say([`${output.styles.green('✓')} ${(0,report_width/* cut */.Jj)(`${title}: ${words(reply.value)}`, width - 2)}`]);
        return reply.value;
    };
    return {
        say,
        many: (question) => settle(chooseMany({ ...question, terminal }, context()), question.title, (chosen) => manyWords(question, chosen)),
        one: (question) => settle(chooseOne({ ...question, terminal }, context()), question.title, (index) => question.items[index]?.name ?? ''),
        text: (question) => settle(askText({ ...question, terminal }, context()), question.title, (text) => question.hidden === true ? '(hidden)' : text.trim()),
    };
}
function manyWords({ items, none }, chosen) {
    if (chosen.size === 0)
        return none;
    const names = items.filter((_, index) => chosen.has(index)).map(({ name }) => name);
    return chosen.size === items.length && items.length > 1 ? `all ${items.length}` : names.join(', ');
}

;// CONCATENATED MODULE: ./build/interactive/index.js





/***/ })

};
