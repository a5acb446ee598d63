"""What users of the client call, in the words of the operators, and what they get: methods, handles of operations.

client.calls
├── methods       one object makes a method of Client, AsyncClient and EarthEngineHook out of a flow or a class
├── handles       an operation that can be refreshed, waited for and cancelled
├── operations    start exactly one operation; get, wait for and cancel operations
├── assets        look at assets and change them
└── computing     compute values and features
"""
